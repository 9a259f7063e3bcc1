package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;

/**
 * The parts of a model as nodes: the embedding, one pass through the stack of blocks, and the
 * readout.
 *
 * <p>Sizes in comments: B rows, L tokens a row, D the width, V the vocabulary.
 */
public final class LoopedStack {
  private final RecurrentDepthTransformer model;
  private final GraphBuilder outer;
  private final BlockStack blocks;
  private final InputRows rows;
  private final Tensor isPad;
  private final Tensor length;
  private final Tensor hiddenShape;
  private final Tensor headsShape;

  /**
   * @param ids the ids {@code [B, L]} in the outermost graph, as they must be
   */
  public LoopedStack(
      RecurrentDepthTransformer model,
      ImmutableMap<String, TensorProto> weights,
      GraphBuilder outer,
      Tensor ids) {
    this(model, weights, outer, InputRows.asGiven(outer, ids));
  }

  /**
   * @param rows those of the outermost graph
   */
  public LoopedStack(
      RecurrentDepthTransformer model,
      ImmutableMap<String, TensorProto> weights,
      GraphBuilder outer,
      InputRows rows) {
    this.model = model;
    this.outer = outer;
    this.rows = rows;
    Tensor ids = rows.ids();
    blocks = new BlockStack(model, weights, outer);
    isPad = outer.apply("Equal", ids, outer.constant(InputRows.PAD_ID));
    length = outer.node("Shape", Attribute.of("start", 1), Attribute.of("end", 2)).of(ids);
    hiddenShape =
        outer
            .node("Concat", Attribute.of("axis", 0))
            .of(outer.constants(-1), length, outer.constants(model.width()));
    headsShape =
        outer
            .node("Concat", Attribute.of("axis", 0))
            .of(outer.constants(-1), length, outer.constants(model.heads(), model.headWidth()));
  }

  /** Returns the embedded tokens, {@code [B, L, D]}. */
  public Tensor embed() {
    return blocks.embed(outer, rows.ids(), this::embeddedPositions);
  }

  /** Returns the hidden state before the first iteration, {@code [B, L, D]}. */
  public Tensor first(Tensor embedded) {
    // With injection every iteration adds the embedded tokens, so that the first begins with none.
    return model.inputInjection()
        ? outer.zeros(ElementType.FLOAT, outer.apply("Shape", embedded))
        : embedded;
  }

  /** Pads behind the last position that the model has are neither attended to nor read. */
  private Tensor embeddedPositions() {
    return outer.apply("Min", positions(), outer.constant(model.maxPositions() - 1L));
  }

  private Tensor positions() {
    return outer.apply(
        "Range", outer.constant(0), outer.apply("Squeeze", length), outer.constant(1));
  }

  /**
   * Returns what is added to the attention scores, {@code [B, 1, L, L]}, or with a bias for each
   * head {@code [B, H, L, L]}.
   */
  public Tensor mask() {
    Tensor positions = positions();
    Tensor queries = outer.apply("Unsqueeze", positions, outer.constants(1));
    Tensor later = outer.apply("Greater", positions, queries);
    Tensor padKeys = outer.apply("Unsqueeze", isPad, outer.constants(1, 2));
    return outer.apply(
        "Where",
        outer.apply("Or", later, padKeys),
        outer.constant(BlockStack.MASKED),
        blocks.bias(outer, positions));
  }

  /** Returns the index at which each row is read, {@code [B, 1]}. */
  public Tensor readIndices() {
    Tensor tokens = rows.tokens();
    ReadPosition read = model.readPosition();
    if (read.equals(ReadPosition.firstPad())) {
      return tokens;
    }
    if (read.equals(ReadPosition.lastToken())) {
      return outer.apply("Sub", tokens, outer.constant(1));
    }
    Tensor column = outer.constant(read.index(1));
    // Without positions all pads of a row compute the same, and rows need not reach the column.
    return model.positions() == PositionEncoding.NONE
        ? outer.apply("Min", tokens, column)
        : outer.apply("Expand", column, outer.apply("Shape", tokens));
  }

  /** Returns the hidden state {@code [B, L, D]} after another pass through all blocks. */
  public Tensor iterate(GraphBuilder graph, Tensor hidden, Tensor mask) {
    Tensor state = graph.apply("Reshape", hidden, outer.constants(-1, model.width()));
    AttentionPlaces everyToken = AttentionPlaces.padded(headsShape);
    return graph.apply("Reshape", blocks.iterate(graph, state, mask, everyToken), hiddenShape);
  }

  /** Returns the hidden state {@code [B, L, D]} after one block. */
  public Tensor layer(GraphBuilder graph, int layer, Tensor hidden, Tensor mask) {
    Tensor state = graph.apply("Reshape", hidden, outer.constants(-1, model.width()));
    AttentionPlaces everyToken = AttentionPlaces.padded(headsShape);
    return graph.apply("Reshape", blocks.layer(graph, layer, state, mask, everyToken), hiddenShape);
  }

  /** Returns the logits at the read position, {@code [B, V]}. */
  public Tensor read(GraphBuilder graph, Tensor hidden, Tensor readIndices) {
    return blocks.logits(
        graph, graph.node("GatherND", Attribute.of("batch_dims", 1)).of(hidden, readIndices));
  }
}
