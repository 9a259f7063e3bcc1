package io.github.recurrent.onnx;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.QueryBatch;
import java.util.Collections;
import java.util.function.Consumer;

/** Runs made-up queries, so that the first real ones find memory allocated and code compiled. */
final class WarmUp {
  /** More than the 200 after which HotSpot compiles what has no loops. */
  private static final int SMALL_RUNS = 250;

  private static final int FULL_RUNS = 3;

  private WarmUp() {}

  /**
   * Runs batches of one short query, then full ones.
   *
   * @throws IllegalArgumentException if a number is not at least 1, or the model takes no so long
   *     queries
   */
  static void run(ModelMetadata metadata, int rows, int hops, Consumer<QueryBatch> run) {
    if (rows < 1 || hops < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 row of 1 hop, but there are " + rows + " of " + hops);
    }
    metadata.model().paddedLength(hops + 1);
    Vocabulary vocabulary = metadata.vocabulary();
    repeat(SMALL_RUNS, queries(vocabulary, 1, 1), run);
    repeat(FULL_RUNS, queries(vocabulary, rows, hops), run);
  }

  private static void repeat(int times, QueryBatch queries, Consumer<QueryBatch> run) {
    for (int time = 0; time < times; time++) {
      run.accept(queries);
    }
  }

  private static QueryBatch queries(Vocabulary vocabulary, int rows, int hops) {
    Query query =
        Query.of(
            vocabulary.token(vocabulary.entityId(0)),
            Collections.nCopies(hops, vocabulary.token(vocabulary.relationId(0))));
    return QueryBatch.of(vocabulary, Collections.nCopies(rows, query));
  }
}
