package io.github.recurrent.tf;

import io.github.recurrent.tf.internal.natives.ExitingThread;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * The thread that a training is on, and what a shutdown of the virtual machine may know of it.
 *
 * <p>A listener can keep this thread for good: {@code System.exit} does not return, and it waits
 * for the hooks. Between two updates, which is when listeners are called, another thread can take
 * over and end the training; the first one then finds it ended. Thread-safe.
 */
final class TrainingThread {
  /** How long a listener may take while the virtual machine ends. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private Thread thread = Thread.currentThread();
  private boolean interrupted;
  private boolean listening;
  private long listeningSince;
  private boolean paused;
  private boolean ended;

  /** A listener is called. What it finds of an interrupt is kept from it, so that it can write. */
  synchronized void enterListener() {
    noteInterrupt();
    listening = true;
    listeningSince = System.nanoTime();
  }

  /**
   * The listener has returned.
   *
   * @throws CancellationException once the training has ended, if another thread has taken over
   */
  synchronized void leaveListener() {
    if (Thread.currentThread() != thread) {
      awaitEnd();
      throw new CancellationException(
          "the training was ended by the end of the virtual machine while a listener kept it");
    }
    listening = false;
  }

  /** Returns whether this thread was interrupted since the training began. */
  synchronized boolean isInterrupted() {
    noteInterrupt();
    return interrupted;
  }

  /** A listener has lost an interrupt that it was told of by an exception. */
  synchronized void interruptWasLost() {
    interrupted = true;
  }

  private void noteInterrupt() {
    interrupted |= Thread.interrupted();
  }

  /** Interrupts this thread again if it was interrupted. */
  synchronized void restoreInterrupt() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says whether the training waits, with nothing of it under way, for the machine's end. */
  synchronized void setPaused(boolean paused) {
    this.paused = paused;
    notifyAll();
  }

  /** The training has ended, and every listener was told. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** Waits, whatever interrupts, for the end of the training. */
  synchronized void awaitEnd() {
    while (!ended) {
      waitBriefly();
    }
  }

  /** Waits until no computation of the training is under way. */
  synchronized void awaitPause() {
    while (!ended && !listening && !paused) {
      waitBriefly();
    }
  }

  /** Waits for the end, and lets another thread end the training if a listener does not return. */
  synchronized void awaitEnd(Runnable end) {
    while (!ended) {
      if (listening
          && (System.nanoTime() - listeningSince > PATIENCE || ExitingThread.is(thread))) {
        listening = false;
        thread = new Thread(end, "end of a training");
        thread.setDaemon(true);
        thread.start();
      }
      waitBriefly();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // every caller waits in a loop
  private void waitBriefly() {
    try {
      wait(20);
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }
}
