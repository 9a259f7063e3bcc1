package io.github.recurrent.tf.internal.natives;

import com.google.common.annotations.VisibleForTesting;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * A call that computes with TensorFlow, and that the end of the virtual machine waits for.
 *
 * <p>At its end the virtual machine destroys what TensorFlow's running threads still use, which
 * crashes it. So its end waits for the calls under way, those excepted whose thread ends the
 * machine itself. A call that takes long is given up at its next computation. Shutdown hooks may go
 * on to compute, as the machine waits for them anyway. Calls are of the thread that begins them;
 * the class is thread-safe.
 */
public final class NativeCall implements AutoCloseable {
  /** How long the machine's end waits for a call that has more than one computation. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The calls of a virtual machine. */
  static final class Calls {
    private final Set<NativeCall> underWay = new LinkedHashSet<>();
    private final Set<Thread> callers = Collections.newSetFromMap(new WeakHashMap<>());
    private final Duration patience;
    private boolean ending;
    private long endingSince;

    @VisibleForTesting
    Calls(Duration patience) {
      this.patience = patience;
    }

    /**
     * Begins a call.
     *
     * @throws IllegalStateException if the virtual machine ends, and this is not one of its hooks
     */
    synchronized NativeCall begin() {
      Thread thread = Thread.currentThread();
      boolean inHook = ending && !callers.contains(thread);
      boolean within = underWay.stream().anyMatch(call -> call.thread.equals(thread));
      // A thread that has called before is not a hook: those begin when the machine ends.
      if (ending && !inHook && !within) {
        throw new IllegalStateException(
            "the virtual machine is ending: TensorFlow computes nothing more, but in shutdown"
                + " hooks");
      }
      if (!ending) {
        callers.add(thread);
      }
      NativeCall call = new NativeCall(this, inHook);
      underWay.add(call);
      return call;
    }

    /** What a shutdown hook does: waits, whatever interrupts, for the calls under way. */
    synchronized void awaitAll() {
      ending = true;
      endingSince = System.nanoTime();
      while (!underWay.stream().allMatch(NativeCall::isExiting)) {
        try {
          wait(20);
        } catch (InterruptedException e) {
          // The machine ends once this has; there is nobody to tell.
        }
      }
    }

    private synchronized void end(NativeCall call) {
      underWay.remove(call);
      notifyAll();
    }

    private synchronized boolean isOverdue() {
      return ending && System.nanoTime() - endingSince > patience.toNanos();
    }
  }

  private static final Calls ALL = atShutdown(new Calls(PATIENCE));

  private final Calls calls;
  private final boolean inHook;
  private final Thread thread = Thread.currentThread();

  private NativeCall(Calls calls, boolean inHook) {
    this.calls = calls;
    this.inHook = inHook;
  }

  private static Calls atShutdown(Calls calls) {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(calls::awaitAll, "TensorFlow's computations at shutdown"));
    } catch (IllegalStateException e) {
      // The machine is ending already, which waits for the hook that this is in.
    }
    return calls;
  }

  /**
   * Begins a call.
   *
   * @throws IllegalStateException if the virtual machine ends, and this is not one of its hooks
   */
  public static NativeCall begin() {
    return ALL.begin();
  }

  /**
   * The next computation is about to begin.
   *
   * @throws IllegalStateException if the virtual machine has waited for long enough
   */
  public void goOn() {
    if (!inHook && calls.isOverdue()) {
      throw new IllegalStateException(
          "the virtual machine is ending: a call that was under way was given up, as it took longer"
              + " than the "
              + calls.patience.toSeconds()
              + " seconds that the end waits");
    }
  }

  /** Returns whether the thread of this call ends the virtual machine, and never comes back. */
  public boolean isExiting() {
    return ExitingThread.is(thread);
  }

  @Override
  public void close() {
    calls.end(this);
  }
}
