package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Floats;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of a model as nodes: the embedding, one pass through the stack of blocks, and the
 * readout.
 *
 * <p>Sizes in comments: B rows, L tokens a row, D the width, V the vocabulary.
 */
final class LoopedStack {
  private static final long PAD_ID = 0;
  private static final float MASKED = -10_000;
  private static final float GELU_SCALE = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBIC = 0.044715f;

  private final RecurrentDepthTransformer model;
  private final GraphBuilder outer;
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Tensor ids;
  private final Tensor isPad;
  private final Tensor length;
  private final Tensor hiddenShape;
  private final Tensor headsShape;

  /**
   * @param ids the ids {@code [B, L]} in the outermost graph
   */
  LoopedStack(
      RecurrentDepthTransformer model,
      ImmutableMap<String, TensorProto> weights,
      GraphBuilder outer,
      Tensor ids) {
    this.model = model;
    this.outer = outer;
    this.ids = ids;
    weights.forEach((name, weight) -> this.weights.put(name, outer.initializer(weight)));
    isPad = outer.apply("Equal", ids, outer.constant(PAD_ID));
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
  Tensor embed() {
    Tensor embedded = outer.apply("Gather", weight("token_embedding.weight"), ids);
    if (model.positions() == PositionEncoding.NONE) {
      return embedded;
    }
    String table =
        model.positions() == PositionEncoding.LEARNED
            ? "position_embedding.weight"
            : WeightFile.SINUSOIDS;
    return outer.apply("Add", embedded, outer.apply("Gather", weight(table), positions()));
  }

  /** Returns the hidden state before the first iteration, {@code [B, L, D]}. */
  Tensor first(Tensor embedded) {
    // With injection every iteration adds the embedded tokens, so that the first begins with none.
    return model.inputInjection()
        ? outer.zeros(ElementType.FLOAT, outer.apply("Shape", embedded))
        : embedded;
  }

  private Tensor positions() {
    return outer.apply(
        "Range", outer.constant(0), outer.apply("Squeeze", length), outer.constant(1));
  }

  /**
   * Returns what is added to the attention scores, {@code [B, 1, L, L]}, or with a bias for each
   * head {@code [B, H, L, L]}.
   */
  Tensor mask() {
    Tensor positions = positions();
    Tensor queries = outer.apply("Unsqueeze", positions, outer.constants(1));
    Tensor later = outer.apply("Greater", positions, queries);
    Tensor padKeys = outer.apply("Unsqueeze", isPad, outer.constants(1, 2));
    return outer.apply(
        "Where", outer.apply("Or", later, padKeys), outer.constant(MASKED), bias(positions));
  }

  /** A token's distance adds to all scores of its softmax alike when it is taken from the first. */
  private Tensor bias(Tensor positions) {
    if (model.attentionSlopes().isEmpty()) {
      return outer.constant(0f);
    }
    Tensor slopes =
        outer.apply(
            "Unsqueeze",
            outer.constants(Floats.toArray(model.attentionSlopes())),
            outer.constants(1, 2));
    return outer.apply("Mul", slopes, outer.cast(positions, ElementType.FLOAT));
  }

  /** Returns the index at which each row is read, {@code [B, 1]}. */
  Tensor readIndices() {
    Tensor tokens =
        outer.apply(
            "ReduceSum",
            outer.cast(outer.apply("Not", isPad), ElementType.INT64),
            outer.constants(1));
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
  Tensor iterate(GraphBuilder graph, Tensor hidden, Tensor mask) {
    Tensor state = graph.apply("Reshape", hidden, outer.constants(-1, model.width()));
    for (int layer = 0; layer < model.layers(); layer++) {
      String block = "blocks." + layer + ".";
      state = graph.apply("Add", state, attention(graph, block, state, mask));
      state = graph.apply("Add", state, mlp(graph, block, state));
    }
    return graph.apply("Reshape", state, hiddenShape);
  }

  /** Returns the logits at the read position, {@code [B, V]}. */
  Tensor read(GraphBuilder graph, Tensor hidden, Tensor readIndices) {
    Tensor read = graph.node("GatherND", Attribute.of("batch_dims", 1)).of(hidden, readIndices);
    return graph
        .node("Gemm", Attribute.of("transB", 1))
        .of(layerNorm(graph, "ln_f", read), weight("token_embedding.weight"));
  }

  private Tensor attention(GraphBuilder graph, String block, Tensor state, Tensor mask) {
    Tensor fused = linear(graph, block + "attn.c_attn", layerNorm(graph, block + "ln_1", state));
    ImmutableList<Tensor> parts = graph.node("Split", Attribute.of("axis", 1)).results(3, fused);
    Tensor queries = heads(graph, parts.get(0), 0, 2, 1, 3);
    Tensor keys = heads(graph, parts.get(1), 0, 2, 3, 1);
    Tensor values = heads(graph, parts.get(2), 0, 2, 1, 3);
    Tensor scale = graph.constant((float) (1 / Math.sqrt(model.headWidth())));
    Tensor scores =
        graph.apply("Add", graph.apply("Mul", graph.apply("MatMul", queries, keys), scale), mask);
    Tensor attended =
        graph.apply("MatMul", graph.node("Softmax", Attribute.of("axis", -1)).of(scores), values);
    Tensor joined =
        graph.apply(
            "Reshape",
            graph.node("Transpose", Attribute.ofAll("perm", 0, 2, 1, 3)).of(attended),
            graph.constants(-1, model.width()));
    return linear(graph, block + "attn.c_proj", joined);
  }

  private Tensor heads(GraphBuilder graph, Tensor part, long... order) {
    return graph
        .node("Transpose", Attribute.ofAll("perm", order))
        .of(graph.apply("Reshape", part, headsShape));
  }

  private Tensor mlp(GraphBuilder graph, String block, Tensor state) {
    Tensor wide = linear(graph, block + "mlp.c_fc", layerNorm(graph, block + "ln_2", state));
    return linear(graph, block + "mlp.c_proj", gelu(graph, wide));
  }

  /** The tanh form, in an order of nodes that ONNX Runtime makes one kernel of. */
  private static Tensor gelu(GraphBuilder graph, Tensor x) {
    Tensor square = graph.apply("Mul", graph.apply("Mul", x, graph.constant(GELU_CUBIC)), x);
    Tensor inner =
        graph.apply(
            "Mul",
            graph.apply("Mul", x, graph.constant(GELU_SCALE)),
            graph.apply("Add", square, graph.constant(1f)));
    Tensor gate = graph.apply("Add", graph.apply("Tanh", inner), graph.constant(1f));
    return graph.apply("Mul", graph.apply("Mul", x, graph.constant(0.5f)), gate);
  }

  private Tensor layerNorm(GraphBuilder graph, String name, Tensor state) {
    return graph
        .node(
            "LayerNormalization",
            Attribute.of("axis", -1),
            Attribute.of("epsilon", (float) RecurrentDepthTransformer.LAYER_NORM_EPSILON))
        .of(state, weight(name + ".weight"), weight(name + ".bias"));
  }

  private Tensor linear(GraphBuilder graph, String name, Tensor state) {
    return graph.apply("Gemm", state, weight(name + ".weight"), weight(name + ".bias"));
  }

  private Tensor weight(String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("no weight " + name + "; there are " + weights.keySet());
    }
    return weight;
  }
}
