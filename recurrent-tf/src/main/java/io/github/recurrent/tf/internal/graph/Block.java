package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** One application of a decoder block, forwards and backwards. */
final class Block {
  private final Kernels kernels;
  private final Ops tf;
  private final FoldedWeights.FoldedBlock weights;
  private final boolean readTokensOnly;
  private final Operand<TFloat32> input;
  private final RootMeanSquareNorm attentionNorm;
  private final Attention attention;
  private final DropoutMasks.Dropped attentionOut;
  private final RootMeanSquareNorm mlpNorm;
  private final Gelu gelu;
  private final DropoutMasks.Dropped mlpOut;
  private final Operand<TFloat32> output;

  /**
   * @param number the number of the application, L · iteration + layer, for its dropout
   * @param readTokensOnly whether only the read tokens go on, as in the last application, of which
   *     nothing else is used
   * @param input {@code [tokens, width]}, rows of mean 0
   */
  Block(
      RecurrentDepthTransformer model,
      Kernels kernels,
      FoldedWeights.FoldedBlock weights,
      BatchInputs batch,
      DropoutMasks masks,
      int number,
      boolean readTokensOnly,
      Operand<TFloat32> input) {
    this.kernels = kernels;
    this.tf = kernels.tf();
    this.weights = weights;
    this.readTokensOnly = readTokensOnly;
    this.input = input;
    attentionNorm = new RootMeanSquareNorm(kernels, input);
    attention =
        new Attention(
            kernels,
            readTokensOnly ? batch.readTokens() : batch.everyToken(),
            model.heads(),
            model.headWidth(),
            linear(attentionNorm.output(), weights.attention()),
            masks,
            number);
    attentionOut = masks.attentionOut(linear(attention.output(), weights.attentionOut()), number);
    Operand<TFloat32> attended =
        tf.math.add(readTokensOnly ? batch.readRows(input) : input, attentionOut.centered(kernels));
    mlpNorm = new RootMeanSquareNorm(kernels, attended);
    gelu = new Gelu(kernels, linear(mlpNorm.output(), weights.mlp()));
    mlpOut = masks.mlpOut(linear(gelu.output(), weights.mlpOut()), number);
    output = tf.math.add(attended, mlpOut.centered(kernels));
  }

  private Operand<TFloat32> linear(Operand<TFloat32> x, FoldedWeights.Linear linear) {
    return kernels.linear(x, linear.weights(), linear.bias());
  }

  /** Returns the hidden state, of all tokens or of the read ones, {@code […, width]}. */
  Operand<TFloat32> output() {
    return output;
  }

  /** Returns the gradient of the input, and adds those of the weights to the sums. */
  Operand<TFloat32> backward(Operand<TFloat32> gradient, GradientSums sums) {
    Operand<TFloat32> mlp =
        gelu.backward(
            backward(
                weights.mlpOut(), gelu.output(), mlpOut.backwardCentered(kernels, gradient), sums));
    Operand<TFloat32> attended =
        tf.math.add(
            gradient, mlpNorm.backward(backward(weights.mlp(), mlpNorm.output(), mlp, sums)));
    Operand<TFloat32> heads =
        attention.backward(
            backward(
                weights.attentionOut(),
                attention.output(),
                attentionOut.backwardCentered(kernels, attended),
                sums));
    Operand<TFloat32> throughAttention =
        attentionNorm.backward(backward(weights.attention(), attentionNorm.output(), heads, sums));
    return tf.math.add(readTokensOnly ? padded(attended) : attended, throughAttention);
  }

  private Operand<TFloat32> backward(
      FoldedWeights.Linear linear,
      Operand<TFloat32> input,
      Operand<TFloat32> gradient,
      GradientSums sums) {
    sums.add(linear.weights(), kernels.transposedProduct(input, gradient));
    sums.add(linear.bias(), kernels.columnSums(gradient));
    return kernels.productTransposed(gradient, linear.weights());
  }

  /** Puts rows of zeros below the read tokens', for all others. */
  private Operand<TFloat32> padded(Operand<TFloat32> x) {
    Operand<TInt32> missing = tf.math.sub(tf.shape(input), tf.shape(x));
    return tf.concat(
        List.of(
            x, tf.zeros(tf.math.add(missing, tf.constant(new int[] {0, width()})), TFloat32.class)),
        tf.constant(0));
  }

  private int width() {
    return (int) weights.mlp().weights().shape().get(0);
  }
}
