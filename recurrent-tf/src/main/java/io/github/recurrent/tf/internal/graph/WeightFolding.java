package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Makes {@link FoldedWeights} from a model's parameters, in the graph. */
final class WeightFolding {
  private final RecurrentDepthTransformer model;
  private final Ops tf;
  private final Kernels kernels;
  private final ImmutableMap<String, Operand<TFloat32>> parameters;

  private WeightFolding(
      RecurrentDepthTransformer model,
      Kernels kernels,
      ImmutableMap<String, Operand<TFloat32>> parameters) {
    this.model = model;
    this.tf = kernels.tf();
    this.kernels = kernels;
    this.parameters = parameters;
  }

  /**
   * Folds parameters.
   *
   * @param parameters by their published names, in their shapes
   */
  static FoldedWeights fold(
      RecurrentDepthTransformer model,
      Kernels kernels,
      ImmutableMap<String, Operand<TFloat32>> parameters) {
    return new WeightFolding(model, kernels, parameters).fold();
  }

  private FoldedWeights fold() {
    ImmutableList.Builder<FoldedWeights.FoldedBlock> blocks = ImmutableList.builder();
    for (int layer = 0; layer < model.layers(); layer++) {
      blocks.add(block("blocks." + layer + "."));
    }
    Operand<TFloat32> embedding = parameter("token_embedding.weight");
    return new FoldedWeights(
        kernels.centered(embedding),
        positions(),
        tf.math.mul(embedding, parameter("ln_f.weight")),
        tf.reshape(
            tf.linalg.matMul(embedding, asColumn(parameter("ln_f.bias"))),
            tf.constant(new int[] {-1})),
        blocks.build());
  }

  private Optional<Operand<TFloat32>> positions() {
    return switch (model.positions()) {
      case NONE -> Optional.empty();
      case LEARNED -> Optional.of(kernels.centered(parameter("position_embedding.weight")));
      case SINUSOIDAL ->
          Optional.of(
              kernels.centered(
                  tf.constant(
                      Shape.of(model.maxPositions(), model.width()),
                      DataBuffers.of(
                          PositionEncoding.sinusoids(model.maxPositions(), model.width())))));
    };
  }

  private FoldedWeights.FoldedBlock block(String prefix) {
    float[] scales = new float[3 * model.width()];
    Arrays.fill(scales, 1);
    Arrays.fill(scales, 0, model.width(), (float) (1 / Math.sqrt(model.headWidth())));
    Operand<TFloat32> attentionScale = tf.constant(scales);
    return new FoldedWeights.FoldedBlock(
        reading(
            prefix + "ln_1",
            tf.math.mul(parameter(prefix + "attn.c_attn.weight"), attentionScale),
            tf.math.mul(parameter(prefix + "attn.c_attn.bias"), attentionScale),
            1),
        writing(prefix + "attn.c_proj", 1),
        reading(
            prefix + "ln_2",
            parameter(prefix + "mlp.c_fc.weight"),
            parameter(prefix + "mlp.c_fc.bias"),
            Gelu.INPUT_SCALE),
        writing(prefix + "mlp.c_proj", 1 / Gelu.INPUT_SCALE));
  }

  /** A layer norm's scale and shift followed by a linear layer and a scale of its outputs. */
  private FoldedWeights.Linear reading(
      String norm, Operand<TFloat32> weights, Operand<TFloat32> bias, double outputScale) {
    Operand<TFloat32> shift =
        tf.reshape(
            tf.linalg.matMul(asColumn(parameter(norm + ".bias")), weights, MatMul.transposeA(true)),
            tf.constant(new int[] {-1}));
    // The scale of the outputs goes with that of the norm: one pass over the weights for both.
    return new FoldedWeights.Linear(
        tf.math.mul(weights, asColumn(scaled(parameter(norm + ".weight"), outputScale))),
        scaled(tf.math.add(shift, bias), outputScale));
  }

  private Operand<TFloat32> scaled(Operand<TFloat32> x, double scale) {
    return scale == 1 ? x : tf.math.mul(x, kernels.constant(scale));
  }

  /** A linear layer whose outputs are centered. */
  private FoldedWeights.Linear writing(String linear, double inputScale) {
    Operand<TFloat32> bias = parameter(linear + ".bias");
    Operand<TFloat32> weights = kernels.centered(parameter(linear + ".weight"));
    return new FoldedWeights.Linear(
        scaled(weights, inputScale),
        tf.math.sub(bias, tf.math.mean(bias, tf.constant(0), Mean.keepDims(true))));
  }

  private Operand<TFloat32> asColumn(Operand<TFloat32> vector) {
    return tf.reshape(vector, tf.constant(new int[] {-1, 1}));
  }

  private Operand<TFloat32> parameter(String name) {
    Operand<TFloat32> found = parameters.get(name);
    if (found == null) {
      throw new IllegalStateException("no parameter " + name);
    }
    return found;
  }
}
