package io.github.recurrent.examples.service;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.reasoning.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the queries of a request enter a batcher: all of them or none. Thread-safe. */
final class BatcherEntry {
  private final ContinuousBatcher batcher;
  private final int mostWaiting;

  BatcherEntry(ContinuousBatcher batcher, int mostWaiting) {
    this.batcher = batcher;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Submits queries; a future that is cancelled takes its query with it.
   *
   * @throws Fault if the queue has no room for all of them, or the batcher ends
   */
  List<CompletableFuture<Answer>> enter(ImmutableList<Query> queries, Choices choices) {
    List<CompletableFuture<Answer>> entered = new ArrayList<>();
    try {
      for (Query query : queries) {
        entered.add(
            batcher
                .offer(query, choices.halting(), choices.deadline())
                .orElseThrow(
                    () ->
                        Fault.busy(
                            "too many queries wait: the queue holds "
                                + mostWaiting
                                + "; try again later")));
      }
      return entered;
    } catch (IllegalStateException e) {
      cancel(entered);
      throw Fault.unavailable("the model takes no more queries");
    } catch (RuntimeException e) {
      cancel(entered);
      throw e;
    }
  }

  static void cancel(List<CompletableFuture<Answer>> queries) {
    queries.forEach(query -> query.cancel(true));
  }
}
