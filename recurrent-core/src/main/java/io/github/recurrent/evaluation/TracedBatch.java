package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.model.RecurrentDepthTransformer;

/** Divides facts into batches whose hidden states can be kept. */
final class TracedBatch {
  private static final int MOST_ROWS = 256;

  /** Keeps the states of a batch within 64 MiB. */
  private static final long MOST_VALUES = 1L << 24;

  private TracedBatch() {}

  static ImmutableList<Facts> of(Facts facts, RecurrentDepthTransformer model, int iterations) {
    checkArgument(facts.size() > 0, "no facts of %s hops to evaluate on", facts.hops());
    long perRow = (model.effectiveDepth(iterations) + 1L) * (facts.hops() + 2L) * model.width();
    int most = (int) Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / perRow));
    ImmutableList.Builder<Facts> batches = ImmutableList.builder();
    for (int from = 0; from < facts.size(); from += most) {
      batches.add(facts.subList(from, Math.min(facts.size(), from + most)));
    }
    return batches.build();
  }
}
