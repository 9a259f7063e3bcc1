package io.github.recurrent.tf;

/**
 * Stops a training from another thread or by Ctrl-C: it writes its latest checkpoint, from which it
 * can be resumed as if it had not stopped, and ends with a {@link
 * java.util.concurrent.CancellationException}. Thread-safe.
 */
public final class Cancellation {
  private boolean cancelled;
  private int running;

  private Cancellation() {}

  /** Returns a cancellation that is up to the program. */
  public static Cancellation create() {
    return new Cancellation();
  }

  /**
   * Returns a cancellation that is also called for when the virtual machine is told to end, as by
   * Ctrl-C or {@code kill}: it ends once the checkpoint is written and the listeners know, perhaps
   * before the exception reaches the caller of the training.
   */
  public static Cancellation onShutdown() {
    Cancellation cancellation = new Cancellation();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  cancellation.cancel();
                  cancellation.awaitEnd();
                },
                "training cancellation"));
    return cancellation;
  }

  /** Stops the trainings that have this cancellation after their current update; for good. */
  public synchronized void cancel() {
    cancelled = true;
  }

  /** Returns whether it was called for. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized void begin() {
    running++;
  }

  synchronized void end() {
    running--;
    notifyAll();
  }

  private synchronized void awaitEnd() {
    try {
      while (running > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
