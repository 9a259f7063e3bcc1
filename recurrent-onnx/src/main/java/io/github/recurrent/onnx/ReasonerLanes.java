package io.github.recurrent.onnx;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The lanes of an {@link OnnxReasoner}: a call's runs go on side by side on the calling thread and
 * on threads that help where they are free, so that calls neither wait for each other nor, if one
 * is made within another, for themselves. Thread-safe.
 */
final class ReasonerLanes implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final Supplier<LiveBatch> newBatch;
  private final Queue<LiveBatch> idle = new ConcurrentLinkedQueue<>();
  private final int helpers;
  private final ThreadPoolExecutor helping;

  /** The threads that are within a run. */
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  /**
   * @param newBatch makes a batch for a run that finds none idle
   * @param count the number of lanes
   */
  ReasonerLanes(Supplier<LiveBatch> newBatch, int count) {
    this.newBatch = newBatch;
    helpers = count - 1;
    helping =
        new ThreadPoolExecutor(
            Math.max(1, helpers),
            Math.max(1, helpers),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            HelpingThread::new);
    helping.allowCoreThreadTimeOut(true);
  }

  private final class HelpingThread extends Thread {
    private HelpingThread(Runnable task) {
      super(task, "recurrent-reasoner");
      setDaemon(true);
    }

    private ReasonerLanes lanes() {
      return ReasonerLanes.this;
    }
  }

  /** Returns whether the current thread is one that helps. */
  boolean isHelping() {
    return Thread.currentThread() instanceof HelpingThread thread && thread.lanes() == this;
  }

  /** Returns whether a run never ends: a rule of one's own ends the virtual machine. */
  boolean isExiting() {
    return running.stream().anyMatch(ExitingThread::is);
  }

  /**
   * Runs each of several things on a batch that nobody else uses, and waits for all.
   *
   * @throws RuntimeException the first failure of a run; no further ones begin then
   */
  <T> void run(List<T> each, BiConsumer<LiveBatch, T> run) {
    AtomicBoolean failed = new AtomicBoolean();
    if (each.size() == 1) {
      run(each.get(0), run, failed);
      return;
    }
    List<FutureTask<Void>> tasks =
        each.stream()
            .map(
                one ->
                    new FutureTask<Void>(
                        () -> {
                          if (!failed.get()) {
                            run(one, run, failed);
                          }
                          return null;
                        }))
            .collect(ImmutableList.toImmutableList());
    // Whoever comes to a task that another has begun goes on to the next.
    Runnable all = () -> tasks.forEach(FutureTask::run);
    for (int helper = 0; helper < Math.min(helpers, tasks.size() - 1); helper++) {
      helping.execute(all);
    }
    all.run();
    Throwable failure = null;
    for (FutureTask<Void> task : tasks) {
      try {
        Uninterruptibles.getUninterruptibly(task);
      } catch (ExecutionException e) {
        failure = failure == null ? e.getCause() : failure;
      }
    }
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(failure);
    }
  }

  private <T> void run(T one, BiConsumer<LiveBatch, T> run, AtomicBoolean failed) {
    LiveBatch polled = idle.poll();
    LiveBatch batch = polled == null ? newBatch.get() : polled;
    boolean outermost = running.add(Thread.currentThread());
    try {
      run.accept(batch, one);
    } catch (Throwable e) {
      failed.set(true);
      throw e;
    } finally {
      if (outermost) {
        running.remove(Thread.currentThread());
      }
      batch.close();
      idle.add(batch);
    }
  }

  /** Ends the threads; no run may be under way. */
  @Override
  public void close() {
    helping.shutdown();
    idle.clear();
  }
}
