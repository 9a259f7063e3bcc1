package io.github.recurrent.onnx;

import io.github.recurrent.reasoning.Answer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Counts and hands over what became of queries whose end is decided. Thread-safe. */
final class Completions {
  private final BatchCounters counters;
  private final Optional<Executor> executor;

  /**
   * @param executor what completes the futures, if not the thread that calls
   */
  Completions(BatchCounters counters, Optional<Executor> executor) {
    this.counters = counters;
    this.executor = executor;
  }

  void answer(BatchedQuery query, Answer answer) {
    counters.answer(answer.iterations());
    hand(() -> query.answer().complete(answer));
  }

  void fail(BatchedQuery query, Throwable cause) {
    counters.fail();
    hand(() -> query.answer().completeExceptionally(cause));
  }

  /** Ends a query that had no time for an answer. */
  void abandon(BatchedQuery query, Throwable cause) {
    counters.abandon();
    hand(() -> query.answer().completeExceptionally(cause));
  }

  private void hand(Runnable completion) {
    if (executor.isEmpty()) {
      completion.run();
      return;
    }
    try {
      executor.get().execute(completion);
    } catch (RejectedExecutionException e) {
      // An answer must not be lost because whoever should hand it over has ended.
      completion.run();
    }
  }
}
