package io.github.recurrent.onnx.internal.graph;

import com.google.common.collect.ImmutableList;

/** Where the tokens {@code [T, …]} of linear layers stand in the rows of attention. */
interface AttentionPlaces {
  /**
   * Returns queries, keys and values, each {@code [rows, heads, length, head width]}.
   *
   * @param fused queries, keys and values of every token, {@code [T, 3 · width]}
   */
  ImmutableList<Tensor> spread(GraphBuilder graph, Tensor fused);

  /**
   * Returns the tokens {@code [T, width]} of rows.
   *
   * @param attended {@code [rows, heads, length, head width]}
   */
  Tensor pack(GraphBuilder graph, Tensor attended, int width);

  /**
   * Returns the places of rows that are padded to one length in linear layers too.
   *
   * @param headsShape {@code [rows, length, heads, head width]}, as a tensor
   */
  static AttentionPlaces padded(Tensor headsShape) {
    return new PaddedRows(headsShape);
  }

  /** Rows one after another, so that places follow from shapes. */
  record PaddedRows(Tensor headsShape) implements AttentionPlaces {
    @Override
    public ImmutableList<Tensor> spread(GraphBuilder graph, Tensor fused) {
      ImmutableList.Builder<Tensor> heads = ImmutableList.builder();
      for (Tensor part : graph.node("Split", Attribute.of("axis", 1)).results(3, fused)) {
        heads.add(exchanged(graph, graph.apply("Reshape", part, headsShape)));
      }
      return heads.build();
    }

    @Override
    public Tensor pack(GraphBuilder graph, Tensor attended, int width) {
      return graph.apply("Reshape", exchanged(graph, attended), graph.constants(-1, width));
    }

    private static Tensor exchanged(GraphBuilder graph, Tensor tensor) {
      return graph.node("Transpose", Attribute.ofAll("perm", 0, 2, 1, 3)).of(tensor);
    }
  }

  /**
   * Rows of any lengths, whose tokens are packed without pads between them.
   *
   * @param parts for queries, keys and values the number, among all parts of all tokens, of what
   *     stands at each place, {@code [rows, heads, length]}
   * @param places the number of each token's places, {@code [T, heads]}
   * @param headWidth the width of a head
   */
  record PackedRows(ImmutableList<Tensor> parts, Tensor places, int headWidth)
      implements AttentionPlaces {
    @Override
    public ImmutableList<Tensor> spread(GraphBuilder graph, Tensor fused) {
      Tensor all = heads(graph, fused);
      ImmutableList.Builder<Tensor> heads = ImmutableList.builder();
      parts.forEach(part -> heads.add(graph.apply("Gather", all, part)));
      return heads.build();
    }

    @Override
    public Tensor pack(GraphBuilder graph, Tensor attended, int width) {
      Tensor tokens = graph.apply("Gather", heads(graph, attended), places);
      return graph.apply("Reshape", tokens, graph.constants(-1, width));
    }

    private Tensor heads(GraphBuilder graph, Tensor tensor) {
      return graph.apply("Reshape", tensor, graph.constants(-1, headWidth));
    }
  }
}
