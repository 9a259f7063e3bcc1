package io.github.recurrent.tf.internal.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The tanh form of GELU, {@code u · σ(a·u + b·u³)}, in five nodes: with its input scaled by {@link
 * #INPUT_SCALE}, the cube has the factor 1.
 */
final class Gelu {
  private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBIC = LINEAR * 0.044715;

  /** What the input must be scaled by; the output then has the same scale. */
  static final double INPUT_SCALE = Math.cbrt(CUBIC);

  private static final double OFFSET = LINEAR / INPUT_SCALE;

  private final Kernels kernels;
  private final Operand<TFloat32> input;
  private final Operand<TFloat32> slope;
  private final Operand<TFloat32> gate;
  private final Operand<TFloat32> output;

  Gelu(Kernels kernels, Operand<TFloat32> input) {
    Ops tf = kernels.tf();
    this.kernels = kernels;
    this.input = input;
    slope = tf.math.add(tf.math.square(input), kernels.constant(OFFSET));
    gate = tf.math.sigmoid(tf.math.mul(input, slope));
    output = tf.math.mul(input, gate);
  }

  Operand<TFloat32> output() {
    return output;
  }

  Operand<TFloat32> backward(Operand<TFloat32> gradient) {
    Ops tf = kernels.tf();
    Operand<TFloat32> inner =
        tf.math.sub(tf.math.mul(slope, kernels.constant(3)), kernels.constant(2 * OFFSET));
    Operand<TFloat32> throughGate = tf.math.mul(tf.math.sigmoidGrad(gate, input), inner);
    return tf.math.mul(gradient, tf.math.add(gate, throughGate));
  }
}
