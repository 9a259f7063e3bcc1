package io.github.recurrent.tf.internal.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The final layer norm and the head, at the read tokens. */
final class Readout {
  private final Kernels kernels;
  private final FoldedWeights weights;
  private final RootMeanSquareNorm norm;
  private final Operand<TFloat32> logits;

  /**
   * @param input {@code [rows, width]}, rows of mean 0
   */
  Readout(Kernels kernels, FoldedWeights weights, Operand<TFloat32> input) {
    Ops tf = kernels.tf();
    this.kernels = kernels;
    this.weights = weights;
    norm = new RootMeanSquareNorm(kernels, input);
    logits =
        tf.math.add(kernels.productTransposed(norm.output(), weights.head()), weights.headBias());
  }

  /** Returns the logits, {@code [rows, vocabulary]}. */
  Operand<TFloat32> logits() {
    return logits;
  }

  /** Returns the gradient of the input, and adds those of the weights to the sums. */
  Operand<TFloat32> backward(Operand<TFloat32> gradient, GradientSums sums) {
    sums.add(weights.head(), kernels.transposedProduct(gradient, norm.output()));
    sums.add(weights.headBias(), kernels.columnSums(gradient));
    return norm.backward(kernels.product(gradient, weights.head()));
  }
}
