package io.github.recurrent.examples.service.serving;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.examples.service.metrics.ModelMeasures;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.reasoning.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the queries of a request enter a batcher: all of them or none. Thread-safe. */
final class BatcherEntry {
  private final ContinuousBatcher batcher;
  private final int mostWaiting;
  private final ModelMeasures measures;

  BatcherEntry(ContinuousBatcher batcher, int mostWaiting, ModelMeasures measures) {
    this.batcher = batcher;
    this.mostWaiting = mostWaiting;
    this.measures = measures;
  }

  /**
   * Submits queries; a future that is cancelled takes its query with it.
   *
   * @throws Fault if the queue has no room for all of them, or never has, or the batcher ends
   */
  List<CompletableFuture<Answer>> enter(ImmutableList<Query> queries, Choices choices) {
    if (queries.size() > mostWaiting) {
      throw Fault.bad(
          "a request of " + queries.size() + " queries never fits: the queue holds " + mostWaiting);
    }
    try {
      return batcher
          .offerAll(queries, choices.haltings(queries.size()), choices.deadline())
          .orElseThrow(() -> refused(queries.size()));
    } catch (IllegalStateException e) {
      throw Fault.unavailable("the model takes no more queries");
    }
  }

  private Fault refused(int queries) {
    measures.refused(queries);
    return Fault.busy(
        "too many queries wait: the queue holds " + mostWaiting + "; try again later");
  }

  static void cancel(List<CompletableFuture<Answer>> queries) {
    queries.forEach(query -> query.cancel(true));
  }
}
