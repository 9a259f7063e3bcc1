package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the listeners of a training what happens; none can harm the training or another one. */
final class Listeners {
  private static final Logger LOG = System.getLogger(TrainingListener.class.getName());

  private final ImmutableList<TrainingListener> listeners;
  private final boolean[] failed;
  private final boolean[] kept;
  private final TrainingThread thread;
  private Consumer<TrainingListener> event = listener -> {};
  private int next;

  Listeners(ImmutableList<TrainingListener> listeners, TrainingThread thread) {
    this.listeners = listeners;
    this.thread = thread;
    failed = new boolean[listeners.size()];
    kept = new boolean[listeners.size()];
    next = listeners.size();
  }

  /**
   * Tells every listener of an event.
   *
   * @return the error of a listener after which the virtual machine cannot be trusted to go on, if
   *     there was one
   */
  @Nullable Error tell(Consumer<TrainingListener> told) {
    event = told;
    next = 0;
    return tellTheOthers();
  }

  /** Tells those listeners of the last event that come after the one that has not returned. */
  @Nullable Error tellTheOthers() {
    Error fatal = null;
    while (next < listeners.size()) {
      int index = next++;
      if (kept[index]) {
        continue;
      }
      // If the listener does not return, it is the first of those that are not told any more.
      kept[index] = true;
      Throwable failure = tell(listeners.get(index));
      kept[index] = false;
      if (failure != null) {
        warn(index, failure);
        if (isFatal(failure)) {
          fatal = (Error) failure;
        }
      }
    }
    return fatal;
  }

  @SuppressWarnings("CatchingUnchecked")
  private @Nullable Throwable tell(TrainingListener listener) {
    Throwable failure = null;
    thread.enterListener();
    try {
      event.accept(listener);
    } catch (Throwable e) {
      failure = e;
    }
    thread.leaveListener();
    return failure;
  }

  /** Whatever else a listener lacks or does wrong, such as fonts, the training can do without. */
  private static boolean isFatal(Throwable failure) {
    return failure instanceof OutOfMemoryError || failure instanceof UnknownError;
  }

  private void warn(int index, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        thread.interruptWasLost();
      }
    }
    if (failed[index]) {
      return;
    }
    failed[index] = true;
    try {
      LOG.log(
          Level.WARNING,
          "the training goes on although its listener "
              + listeners.get(index).getClass().getName()
              + " failed; it is still told what happens, and later failures of it are not reported"
              + (failure instanceof CancellationException
                  ? ". To stop a training, a listener calls Cancellation.cancel()"
                  : ""),
          failure);
    } catch (RuntimeException | Error e) {
      // A log that cannot be written must not do what the listener could not.
      failure.addSuppressed(e);
    }
  }
}
