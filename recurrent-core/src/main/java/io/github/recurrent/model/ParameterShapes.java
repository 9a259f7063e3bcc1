package io.github.recurrent.model;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.Parameters.Shape;

/** The names and shapes of a model's parameters, as in the published checkpoints. */
final class ParameterShapes {
  private ParameterShapes() {}

  static ImmutableMap<String, Shape> of(RecurrentDepthTransformer model) {
    int width = model.width();
    ImmutableMap.Builder<String, Shape> shapes = ImmutableMap.builder();
    shapes.put("token_embedding.weight", Shape.of(model.vocabularySize(), width));
    if (model.positions() == PositionEncoding.LEARNED) {
      shapes.put("position_embedding.weight", Shape.of(model.maxPositions(), width));
    }
    for (int layer = 0; layer < model.layers(); layer++) {
      String block = "blocks." + layer + ".";
      layerNorm(shapes, block + "ln_1", width);
      linear(shapes, block + "attn.c_attn", width, 3 * width);
      linear(shapes, block + "attn.c_proj", width, width);
      layerNorm(shapes, block + "ln_2", width);
      linear(shapes, block + "mlp.c_fc", width, model.mlpWidth());
      linear(shapes, block + "mlp.c_proj", model.mlpWidth(), width);
    }
    layerNorm(shapes, "ln_f", width);
    return shapes.buildOrThrow();
  }

  private static void layerNorm(
      ImmutableMap.Builder<String, Shape> shapes, String name, int width) {
    shapes.put(name + ".weight", Shape.of(width));
    shapes.put(name + ".bias", Shape.of(width));
  }

  private static void linear(
      ImmutableMap.Builder<String, Shape> shapes, String name, int inputs, int outputs) {
    shapes.put(name + ".weight", Shape.of(inputs, outputs));
    shapes.put(name + ".bias", Shape.of(outputs));
  }
}
