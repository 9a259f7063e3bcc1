package io.github.recurrent.onnx;

import io.github.recurrent.onnx.ContinuousBatcher.Listener.Outcome;
import io.github.recurrent.reasoning.Answer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts and hands over what became of queries whose end is decided. Whatever an executor does with
 * what it is given, every query's future completes. Thread-safe.
 */
final class Completions {
  private static final Logger LOG = System.getLogger(Completions.class.getName());

  private final BatchCounters counters;
  private final BatchWatch watch;
  private final Optional<Executor> executor;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** What an executor was given and has not run yet. */
  private final Map<BatchedQuery, Runnable> handed = new ConcurrentHashMap<>();

  /**
   * @param executor what completes the futures, if not the thread that calls
   */
  Completions(BatchCounters counters, BatchWatch watch, Optional<Executor> executor) {
    this.counters = counters;
    this.watch = watch;
    this.executor = executor;
  }

  void answer(BatchedQuery query, Answer answer) {
    counters.answer(answer.iterations());
    watch.end(
        query,
        answer.iterations(),
        answer.cause() == Answer.Cause.DEADLINE ? Outcome.ANSWERED_SO_FAR : Outcome.ANSWERED);
    hand(query, () -> query.answer().complete(answer));
  }

  void fail(BatchedQuery query, Throwable cause) {
    counters.fail();
    watch.end(query, 0, Outcome.FAILED);
    hand(query, () -> query.answer().completeExceptionally(cause));
  }

  /** Ends a query that had no time for an answer. */
  void expire(BatchedQuery query, TimeoutException cause) {
    counters.expire();
    watch.end(query, 0, Outcome.EXPIRED);
    hand(query, () -> query.answer().completeExceptionally(cause));
  }

  /** Counts a query whose future somebody else completes. */
  void cancel(BatchedQuery query) {
    counters.cancel();
    watch.end(query, 0, Outcome.CANCELLED);
  }

  private void hand(BatchedQuery query, Runnable completion) {
    if (executor.isEmpty() || query.isAwaited()) {
      completion.run();
      return;
    }
    handed.put(query, completion);
    try {
      executor.get().execute(() -> complete(query));
    } catch (RejectedExecutionException e) {
      // An answer must not be lost because whoever should hand it over has ended.
      complete(query);
    } catch (Throwable e) {
      if (!warned.getAndSet(true)) {
        LOG.log(
            Level.WARNING,
            "the completion executor "
                + executor.get()
                + " failed; what it fails to take is"
                + " completed without it",
            e);
      }
      complete(query);
    }
    if (query.answer().isDone()) {
      forget(query);
    }
  }

  /** Completes a query here and now, if an executor was to and has not yet. */
  void complete(BatchedQuery query) {
    Runnable completion = handed.remove(query);
    if (completion != null) {
      completion.run();
    }
  }

  /** Drops what an executor has not run: the query's future is complete. */
  void forget(BatchedQuery query) {
    handed.remove(query);
  }

  /** Waits a while for an executor, and completes what it has not run by then. */
  void completeAll(long patience, TimeUnit unit) {
    long end = System.nanoTime() + unit.toNanos(patience);
    try {
      while (!handed.isEmpty() && System.nanoTime() < end) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    handed.keySet().forEach(this::complete);
  }
}
