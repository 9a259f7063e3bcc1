package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Floats;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The shared stack of blocks and the readout, on tokens {@code [T, D]} wherever they stand. */
public final class BlockStack {
  /** Added to the scores of tokens that are not attended to. */
  public static final float MASKED = -10_000;

  private static final float GELU_SCALE = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBIC = 0.044715f;

  private final RecurrentDepthTransformer model;
  private final Map<String, Tensor> weights = new HashMap<>();

  BlockStack(
      RecurrentDepthTransformer model,
      ImmutableMap<String, TensorProto> weights,
      GraphBuilder outer) {
    this.model = model;
    weights.forEach((name, weight) -> this.weights.put(name, outer.initializer(weight)));
  }

  /**
   * Returns embedded tokens.
   *
   * @param positions gives the positions of the tokens, if the model has them
   */
  Tensor embed(GraphBuilder graph, Tensor ids, Supplier<Tensor> positions) {
    Tensor embedded = graph.apply("Gather", weight("token_embedding.weight"), ids);
    if (model.positions() == PositionEncoding.NONE) {
      return embedded;
    }
    String table =
        model.positions() == PositionEncoding.LEARNED
            ? "position_embedding.weight"
            : WeightFile.SINUSOIDS;
    return graph.apply("Add", embedded, graph.apply("Gather", weight(table), positions.get()));
  }

  /**
   * Returns what is added to the scores of tokens by their positions, a scalar or {@code [H, 1,
   * L]}. A token's distance adds to all scores of its softmax alike when it is taken from the
   * first.
   */
  Tensor bias(GraphBuilder graph, Tensor positions) {
    if (model.attentionSlopes().isEmpty()) {
      return graph.constant(0f);
    }
    Tensor slopes =
        graph.apply(
            "Unsqueeze",
            graph.constants(Floats.toArray(model.attentionSlopes())),
            graph.constants(1, 2));
    return graph.apply("Mul", slopes, graph.cast(positions, ElementType.FLOAT));
  }

  /** Returns the state {@code [T, D]} after another pass through all blocks. */
  Tensor iterate(GraphBuilder graph, Tensor state, Tensor mask, AttentionPlaces places) {
    Tensor hidden = state;
    for (int layer = 0; layer < model.layers(); layer++) {
      hidden = layer(graph, layer, hidden, mask, places);
    }
    return hidden;
  }

  /** Returns the state {@code [T, D]} after one block. */
  Tensor layer(GraphBuilder graph, int layer, Tensor state, Tensor mask, AttentionPlaces places) {
    String block = "blocks." + layer + ".";
    Tensor attended = graph.apply("Add", state, attention(graph, block, state, mask, places));
    return graph.apply("Add", attended, mlp(graph, block, attended));
  }

  /** Returns the logits {@code [rows, V]} of read states {@code [rows, D]}. */
  Tensor logits(GraphBuilder graph, Tensor read) {
    return graph
        .node("Gemm", Attribute.of("transB", 1))
        .of(layerNorm(graph, "ln_f", read), weight("token_embedding.weight"));
  }

  private Tensor attention(
      GraphBuilder graph, String block, Tensor state, Tensor mask, AttentionPlaces places) {
    Tensor fused = linear(graph, block + "attn.c_attn", layerNorm(graph, block + "ln_1", state));
    ImmutableList<Tensor> parts = places.spread(graph, fused);
    Tensor keys = graph.node("Transpose", Attribute.ofAll("perm", 0, 1, 3, 2)).of(parts.get(1));
    Tensor scale = graph.constant((float) (1 / Math.sqrt(model.headWidth())));
    Tensor scores = graph.apply("Mul", graph.apply("MatMul", parts.get(0), keys), scale);
    Tensor weights =
        graph.node("Softmax", Attribute.of("axis", -1)).of(graph.apply("Add", scores, mask));
    Tensor attended = graph.apply("MatMul", weights, parts.get(2));
    return linear(graph, block + "attn.c_proj", places.pack(graph, attended, model.width()));
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

  /**
   * Normalizes each token as an instance of one channel, which takes ONNX Runtime on the CPU a
   * fifth of the time of its LayerNormalization, whose sums are not vectorized.
   */
  private Tensor layerNorm(GraphBuilder graph, String name, Tensor state) {
    Tensor instances = graph.apply("Reshape", state, graph.constants(-1, 1, model.width()));
    Tensor normal =
        graph
            .node(
                "InstanceNormalization",
                Attribute.of("epsilon", (float) RecurrentDepthTransformer.LAYER_NORM_EPSILON))
            .of(instances, graph.constants(1f), graph.constants(0f));
    Tensor tokens = graph.apply("Reshape", normal, graph.constants(-1, model.width()));
    Tensor scaled = graph.apply("Mul", tokens, weight(name + ".weight"));
    return graph.apply("Add", scaled, weight(name + ".bias"));
  }

  private Tensor linear(GraphBuilder graph, String name, Tensor state) {
    Tensor bias = weight(name + ".bias");
    return weights.containsKey(name + ".weight" + WeightFile.UINT8)
        ? graph.apply("Add", quantizedProduct(graph, name + ".weight", state), bias)
        : graph.apply("Gemm", state, weight(name + ".weight"), bias);
  }

  /** In an order of nodes that ONNX Runtime makes one kernel of, with the bias. */
  private Tensor quantizedProduct(GraphBuilder graph, String name, Tensor state) {
    ImmutableList<Tensor> rounded = graph.node("DynamicQuantizeLinear").results(3, state);
    Tensor product =
        graph.apply(
            "MatMulInteger",
            rounded.get(0),
            weight(name + WeightFile.UINT8),
            rounded.get(2),
            graph.constantByte(QuantizedMatrix.ZERO_POINT));
    Tensor scales = graph.apply("Mul", rounded.get(1), weight(name + WeightFile.SCALES));
    return graph.apply("Mul", graph.cast(product, ElementType.FLOAT), scales);
  }

  private Tensor weight(String name) {
    Tensor weight = weights.get(name);
    if (weight == null) {
      throw new IllegalArgumentException("no weight " + name + "; there are " + weights.keySet());
    }
    return weight;
  }
}
