package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.tf.Dropout;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Draws the masks of dropout: 0 for a dropped value, {@code 1 / (1 − rate)} for a kept one.
 *
 * <p>A mask follows from the seed of the step and the number of the place that uses it alone, so
 * that equal runs, and resumed ones, drop the same values.
 */
final class DropoutMasks {
  private final Dropout dropout;
  private final Ops tf;
  private final Operand<TInt64> stepSeed;

  /**
   * @param stepSeed a vector of two numbers, other ones for every step
   */
  DropoutMasks(Dropout dropout, Ops tf, Operand<TInt64> stepSeed) {
    this.dropout = dropout;
    this.tf = tf;
    this.stepSeed = stepSeed;
  }

  Dropped embedding(Operand<TFloat32> x) {
    return drop(x, dropout.embedding(), 0);
  }

  Dropped attention(Operand<TFloat32> x, int block) {
    return drop(x, dropout.attention(), 3 * block + 1);
  }

  Dropped attentionOut(Operand<TFloat32> x, int block) {
    return drop(x, dropout.residual(), 3 * block + 2);
  }

  Dropped mlpOut(Operand<TFloat32> x, int block) {
    return drop(x, dropout.residual(), 3 * block + 3);
  }

  private Dropped drop(Operand<TFloat32> x, double rate, int place) {
    if (rate == 0) {
      return new Dropped(x, null);
    }
    Operand<TFloat32> uniform =
        tf.random.statelessRandomUniform(
            tf.shape(x), tf.math.add(stepSeed, tf.constant(new long[] {place, 0})));
    Operand<TFloat32> mask =
        tf.math.mul(
            tf.dtypes.cast(
                tf.math.greaterEqual(uniform, tf.constant((float) rate)), TFloat32.class),
            tf.constant((float) (1 / (1 - rate))));
    return new Dropped(tf.math.mul(x, mask), mask);
  }

  /** Values after dropout. */
  final class Dropped {
    private final Operand<TFloat32> output;
    private final @Nullable Operand<TFloat32> mask;

    private Dropped(Operand<TFloat32> output, @Nullable Operand<TFloat32> mask) {
      this.output = output;
      this.mask = mask;
    }

    Operand<TFloat32> output() {
      return output;
    }

    Operand<TFloat32> backward(Operand<TFloat32> gradient) {
      return mask == null ? gradient : tf.math.mul(gradient, mask);
    }

    /** Returns the output with rows of mean 0, which dropout takes from them. */
    Operand<TFloat32> centered(Kernels kernels) {
      return mask == null ? output : kernels.centered(output);
    }

    Operand<TFloat32> backwardCentered(Kernels kernels, Operand<TFloat32> gradient) {
      return mask == null ? gradient : backward(kernels.centered(gradient));
    }
  }
}
