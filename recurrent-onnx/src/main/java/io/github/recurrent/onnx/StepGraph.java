package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.RecurrentDepthTransformer;

/**
 * The graph of one iteration of rows that may be at different iterations: some states are kept from
 * the iteration before, new tokens join them, and all pass the stack once.
 *
 * <p>Tokens are packed without pads but those that are read, so that rows of different lengths cost
 * no more than their tokens; only attention lays them out in rows.
 */
final class StepGraph {
  static final String HIDDEN = "hidden";
  static final String KEEP = "keep";
  static final String IDS = "ids";
  static final String POSITIONS = "positions";
  static final String GRID = "grid";
  static final String CELLS = "cells";
  static final String READ = "read";
  static final String NEXT_HIDDEN = "next_hidden";
  static final String LOGITS = "logits";

  private static final String TOKENS = "tokens";
  private static final String ROWS = "rows";
  private static final String LENGTH = "length";

  private final RecurrentDepthTransformer model;
  private final GraphBuilder graph = GraphBuilder.of("step");
  private final BlockStack blocks;
  private final Tensor ids = graph.input(IDS, ElementType.INT64, TOKENS);
  private final Tensor grid = graph.input(GRID, ElementType.INT64, ROWS, LENGTH);
  private final Tensor places = graph.apply("Max", grid, graph.constant(0));

  private StepGraph(RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    this.model = model;
    this.blocks = new BlockStack(model, weights, graph);
  }

  static GraphProto of(RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    return new StepGraph(model, weights).build();
  }

  private GraphProto build() {
    Tensor headsShape =
        graph
            .node("Concat", Attribute.of("axis", 0))
            .of(graph.apply("Shape", grid), graph.constants(model.heads(), model.headWidth()));
    AttentionPlaces attention =
        AttentionPlaces.packed(
            headsShape,
            graph.apply("Reshape", places, graph.constants(-1)),
            graph.input(CELLS, ElementType.INT64, TOKENS));
    Tensor next = blocks.iterate(graph, begin(), mask(), attention);
    Tensor read = graph.apply("Gather", next, graph.input(READ, ElementType.INT64, ROWS));
    graph.output(
        graph.node("Identity").as(NEXT_HIDDEN, next), ElementType.FLOAT, TOKENS, model.width());
    graph.output(
        graph.node("Identity").as(LOGITS, blocks.logits(graph, read)),
        ElementType.FLOAT,
        ROWS,
        model.vocabularySize());
    return graph.build();
  }

  /** Returns the states that enter the stack: kept ones, then those of new tokens. */
  private Tensor begin() {
    Tensor hidden = graph.input(HIDDEN, ElementType.FLOAT, "carried", model.width());
    Tensor keep = graph.input(KEEP, ElementType.INT64, "kept");
    Tensor kept = graph.apply("Gather", hidden, keep);
    Tensor count = graph.apply("Shape", keep);
    Tensor embedded =
        blocks.embed(graph, ids, () -> graph.input(POSITIONS, ElementType.INT64, TOKENS));
    Tensor added =
        graph.apply("Slice", embedded, count, graph.constants(Long.MAX_VALUE), graph.constants(0));
    if (model.inputInjection()) {
      kept =
          graph.apply(
              "Add",
              kept,
              graph.apply("Slice", embedded, graph.constants(0), count, graph.constants(0)));
    }
    return graph.node("Concat", Attribute.of("axis", 0)).of(kept, added);
  }

  /** Returns what is added to the attention scores, {@code [rows, 1 or heads, length, length]}. */
  private Tensor mask() {
    Tensor length = graph.node("Shape", Attribute.of("start", 1)).of(grid);
    Tensor columns =
        graph.apply("Range", graph.constant(0), graph.apply("Squeeze", length), graph.constant(1));
    Tensor later =
        graph.apply("Greater", columns, graph.apply("Unsqueeze", columns, graph.constants(1)));
    Tensor absent =
        graph.apply(
            "Or",
            graph.apply("Less", grid, graph.constant(0)),
            graph.apply("Equal", graph.apply("Gather", ids, places), graph.constant(0)));
    Tensor masked =
        graph.apply("Or", later, graph.apply("Unsqueeze", absent, graph.constants(1, 2)));
    return graph.apply(
        "Where", masked, graph.constant(BlockStack.MASKED), blocks.bias(graph, columns));
  }
}
