package io.github.recurrent.onnx;

import java.util.Optional;

/**
 * Where the tokens {@code [T, …]} of linear layers stand in the rows of attention.
 *
 * @param headsShape {@code [rows, length, heads, head width]}, as a tensor
 * @param grid the token at each place of {@code [rows · length]}, if they are packed
 * @param cells the place of each token, {@code [T]}, if they are packed
 */
record AttentionPlaces(Tensor headsShape, Optional<Tensor> grid, Optional<Tensor> cells) {
  /** Returns the places of rows that are padded to one length in linear layers too. */
  static AttentionPlaces padded(Tensor headsShape) {
    return new AttentionPlaces(headsShape, Optional.empty(), Optional.empty());
  }

  static AttentionPlaces packed(Tensor headsShape, Tensor grid, Tensor cells) {
    return new AttentionPlaces(headsShape, Optional.of(grid), Optional.of(cells));
  }

  /** Puts tokens into the rows of attention. */
  Tensor spread(GraphBuilder graph, Tensor tokens) {
    return grid.map(places -> graph.apply("Gather", tokens, places)).orElse(tokens);
  }

  /** Takes tokens from the rows of attention. */
  Tensor pack(GraphBuilder graph, Tensor places) {
    return cells.map(tokens -> graph.apply("Gather", places, tokens)).orElse(places);
  }
}
