package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.github.recurrent.model.RecurrentDepthTransformer;

/**
 * The graphs that a model is traced with: the embedding, one effective layer, and the readout of
 * any state, so that hidden states can be seen and changed wherever they arise.
 */
public final class TraceGraph {
  public static final String IDS = "input_ids";
  public static final String HIDDEN = "hidden";
  public static final String LAYERS_BEFORE = "layers_before";
  public static final String NEXT_HIDDEN = "next_hidden";
  public static final String STATES = "states";
  public static final String LOGITS = "logits";

  private static final String BATCH = "batch";
  private static final String LENGTH = "length";

  private TraceGraph() {}

  /** Returns the graph from ids {@code [B, L]} to hidden states {@code [B, L, D]}. */
  public static GraphProto embedding(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    GraphBuilder graph = GraphBuilder.of("embedding");
    Tensor ids = graph.input(IDS, ElementType.INT64, BATCH, LENGTH);
    LoopedStack stack = new LoopedStack(model, embeddings(weights), graph, ids);
    return hidden(graph, stack.embed(), model);
  }

  /**
   * Returns the graph from hidden states {@code [B, L, D]} to those after one more effective layer;
   * only that layer's block is computed.
   */
  public static GraphProto layer(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    GraphBuilder graph = GraphBuilder.of("layer");
    Tensor ids = graph.input(IDS, ElementType.INT64, BATCH, LENGTH);
    Tensor hidden = graph.input(HIDDEN, ElementType.FLOAT, BATCH, LENGTH, model.width());
    Tensor before = graph.input(LAYERS_BEFORE, ElementType.INT64);
    LoopedStack stack =
        new LoopedStack(
            model,
            ImmutableMap.copyOf(
                Maps.filterKeys(
                    weights,
                    name ->
                        name.startsWith("blocks.")
                            || (model.inputInjection() && isEmbedding(name)))),
            graph,
            ids);
    Tensor layer = graph.apply("Mod", before, graph.constant(model.layers()));
    Tensor begin = model.inputInjection() ? injected(graph, stack, hidden, before, layer) : hidden;
    return hidden(
        graph, choose(graph, stack, layer, begin, stack.mask(), 0, model.layers()), model);
  }

  /** Returns the graph from states {@code [N, D]} to logits {@code [N, V]}. */
  public static GraphProto readout(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights) {
    GraphBuilder graph = GraphBuilder.of("readout");
    Tensor states = graph.input(STATES, ElementType.FLOAT, STATES, model.width());
    BlockStack blocks =
        new BlockStack(
            model,
            ImmutableMap.copyOf(
                Maps.filterKeys(
                    weights,
                    name -> name.startsWith("ln_f.") || name.equals("token_embedding.weight"))),
            graph);
    graph.output(
        graph.node("Identity").as(LOGITS, blocks.logits(graph, states)),
        ElementType.FLOAT,
        STATES,
        model.vocabularySize());
    return graph.build();
  }

  /** Adds the embedded tokens where an iteration but the first begins. */
  private static Tensor injected(
      GraphBuilder graph, LoopedStack stack, Tensor hidden, Tensor before, Tensor layer) {
    Tensor begins =
        graph.apply(
            "And",
            graph.apply("Equal", layer, graph.constant(0)),
            graph.apply("Greater", before, graph.constant(0)));
    Tensor share = graph.cast(begins, ElementType.FLOAT);
    return graph.apply("Add", hidden, graph.apply("Mul", share, stack.embed()));
  }

  /** Halves the blocks until one is left, so that no other is computed or copied through. */
  private static Tensor choose(
      GraphBuilder graph,
      LoopedStack stack,
      Tensor layer,
      Tensor hidden,
      Tensor mask,
      int first,
      int end) {
    if (end - first == 1) {
      return stack.layer(graph, first, hidden, mask);
    }
    int middle = (first + end) / 2;
    return graph
        .node(
            "If",
            Attribute.of("then_branch", branch(graph, stack, layer, hidden, mask, first, middle)),
            Attribute.of("else_branch", branch(graph, stack, layer, hidden, mask, middle, end)))
        .of(graph.apply("Less", layer, graph.constant(middle)));
  }

  private static GraphProto branch(
      GraphBuilder graph,
      LoopedStack stack,
      Tensor layer,
      Tensor hidden,
      Tensor mask,
      int first,
      int end) {
    GraphBuilder branch = graph.within("layers_" + first + "_to_" + (end - 1));
    branch.outputOfAnyShape(
        choose(branch, stack, layer, hidden, mask, first, end), ElementType.FLOAT);
    return branch.build();
  }

  private static GraphProto hidden(
      GraphBuilder graph, Tensor hidden, RecurrentDepthTransformer model) {
    graph.output(
        graph.node("Identity").as(NEXT_HIDDEN, hidden),
        ElementType.FLOAT,
        BATCH,
        LENGTH,
        model.width());
    return graph.build();
  }

  private static ImmutableMap<String, TensorProto> embeddings(
      ImmutableMap<String, TensorProto> weights) {
    return ImmutableMap.copyOf(Maps.filterKeys(weights, TraceGraph::isEmbedding));
  }

  private static boolean isEmbedding(String name) {
    return name.startsWith("token_embedding.") || name.startsWith("position_embedding.");
  }
}
