package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Runs made-up rows, so that the first real ones find memory allocated and code compiled. */
final class WarmUp {
  private static final int SMALL_RUNS = 50;
  private static final int FULL_RUNS = 3;

  private WarmUp() {}

  /**
   * Runs a batch of one row, then full ones.
   *
   * @throws IllegalArgumentException if a number is not at least 1, or the model takes no so long
   *     queries
   */
  static void run(LiveBatch batch, RecurrentDepthTransformer model, int rows, int hops) {
    if (rows < 1 || hops < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 row of 1 hop, but there are " + rows + " of " + hops);
    }
    int[] query = new int[hops + 1];
    Arrays.fill(query, 1);
    model.paddedLength(query.length);
    try (batch) {
      for (int run = 0; run < SMALL_RUNS; run++) {
        iterate(batch, ImmutableList.of(new LiveBatch.Row(model, query)));
      }
      for (int run = 0; run < FULL_RUNS; run++) {
        iterate(
            batch,
            Collections.nCopies(rows, query).stream()
                .map(ids -> new LiveBatch.Row(model, ids))
                .toList());
      }
    }
  }

  /** As a row begins, as it goes on, and as it goes on among the same rows. */
  private static void iterate(LiveBatch batch, List<LiveBatch.Row> rows) {
    batch.iterate(ImmutableList.of(), rows, rows, true);
    batch.iterate(rows, ImmutableList.of(), ImmutableList.of(), false);
    batch.iterate(rows, ImmutableList.of(), rows, false);
  }
}
