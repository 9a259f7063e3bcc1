package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.model.RecurrentDepthTransformer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What is left of a layer norm for rows whose mean is 0, see {@link FoldedWeights}. */
final class RootMeanSquareNorm {
  private final Kernels kernels;
  private final Operand<TFloat32> factor;
  private final Operand<TFloat32> output;

  RootMeanSquareNorm(Kernels kernels, Operand<TFloat32> input) {
    Ops tf = kernels.tf();
    this.kernels = kernels;
    factor =
        tf.math.rsqrt(
            tf.math.add(
                kernels.rowMeans(tf.math.square(input)),
                kernels.constant(RecurrentDepthTransformer.LAYER_NORM_EPSILON)));
    output = tf.math.mul(input, factor);
  }

  Operand<TFloat32> output() {
    return output;
  }

  Operand<TFloat32> backward(Operand<TFloat32> gradient) {
    Ops tf = kernels.tf();
    Operand<TFloat32> along = kernels.rowMeans(tf.math.mul(gradient, output));
    return tf.math.mul(tf.math.sub(gradient, tf.math.mul(output, along)), factor);
  }
}
