package io.github.recurrent.tf;

import java.util.Optional;

/**
 * Keeps the virtual machine from ending in the middle of a training's computation.
 *
 * <p>At its end the virtual machine destroys what TensorFlow's running threads still use, which
 * crashes it. So its end waits for the current update, after which the training pauses for good; if
 * the cancellation asks for it, the end waits for that of the training.
 */
final class ShutdownHook implements AutoCloseable {
  private final TrainingThread thread;
  private final Optional<Cancellation> cancellation;
  private final Runnable endOfTraining;
  private final Thread hook = new Thread(this::atShutdown, "training at shutdown");
  private volatile boolean ending;

  /**
   * Waits from now on.
   *
   * @param endOfTraining ends the training on another thread, while its own is in a listener
   */
  ShutdownHook(TrainingThread thread, Optional<Cancellation> cancellation, Runnable endOfTraining) {
    this.thread = thread;
    this.cancellation = cancellation;
    this.endOfTraining = endOfTraining;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is ending already, and no hook can be added.
      shutdown();
    }
  }

  /** What the hook does. */
  void atShutdown() {
    if (shutdown()) {
      thread.awaitEnd(endOfTraining);
    } else {
      thread.awaitPause();
    }
  }

  /** Returns whether the training is to end, rather than to pause. */
  private boolean shutdown() {
    cancellation.filter(Cancellation::isOnShutdown).ifPresent(Cancellation::cancel);
    ending = true;
    return cancellation.filter(Cancellation::isOnShutdown).isPresent();
  }

  /** Waits, if the virtual machine is ending, until it has or the training is stopped. */
  void pauseAtShutdown() {
    if (!ending || isStopped()) {
      return;
    }
    thread.setPaused(true);
    while (!isStopped()) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    thread.setPaused(false);
  }

  private boolean isStopped() {
    return thread.isInterrupted() || cancellation.filter(Cancellation::isCancelled).isPresent();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is ending; the hook sees that the training has ended.
    }
  }
}
