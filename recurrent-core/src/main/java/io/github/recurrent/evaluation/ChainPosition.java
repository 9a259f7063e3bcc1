package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Trace;

/**
 * A position of a chain's row.
 *
 * @param name {@code h} for the head, {@code r1}, {@code r2}, … for the relations, {@code read} for
 *     where the model is read, if that is none of them
 * @param index the index of the token
 */
record ChainPosition(String name, int index) {
  /** Returns the positions of chains of a number of hops, in their order. */
  static ImmutableList<ChainPosition> of(RecurrentDepthTransformer model, int hops) {
    ImmutableList.Builder<ChainPosition> positions = ImmutableList.builder();
    positions.add(new ChainPosition("h", 0));
    for (int hop = 1; hop <= hops; hop++) {
      positions.add(new ChainPosition("r" + hop, hop));
    }
    int read = Trace.readPosition(model, hops + 1);
    if (read > hops) {
      positions.add(new ChainPosition("read", read));
    }
    return positions.build();
  }
}
