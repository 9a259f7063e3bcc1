package io.github.recurrent.tf;

/**
 * Stops a training from another thread or by Ctrl-C: it writes its latest checkpoint, from which it
 * can be resumed as if it had not stopped, and ends with a {@link
 * java.util.concurrent.CancellationException}. Thread-safe.
 */
public final class Cancellation {
  private final boolean onShutdown;
  private volatile boolean cancelled;

  private Cancellation(boolean onShutdown) {
    this.onShutdown = onShutdown;
  }

  /** Returns a cancellation that is up to the program. */
  public static Cancellation create() {
    return new Cancellation(false);
  }

  /**
   * Returns a cancellation that is also called for when the virtual machine is told to end while a
   * training has it, as by Ctrl-C, {@code kill} or {@code System.exit}.
   *
   * <p>The virtual machine ends once the checkpoint is written and the listeners know, perhaps
   * before the exception reaches the caller of the training. It does not wait for a listener that
   * itself called {@code System.exit}, nor longer than some seconds for one that does not return:
   * the checkpoint is written and the other listeners are told without it.
   */
  public static Cancellation onShutdown() {
    return new Cancellation(true);
  }

  /** Stops the trainings that have this cancellation after their current update; for good. */
  public void cancel() {
    cancelled = true;
  }

  /** Returns whether it was called for. */
  public boolean isCancelled() {
    return cancelled;
  }

  boolean isOnShutdown() {
    return onShutdown;
  }
}
