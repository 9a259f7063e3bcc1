package io.github.recurrent.tf.internal.graph;

import org.tensorflow.types.TFloat32;

/** Copies tensors out of native memory. */
final class Floats {
  private Floats() {}

  /** Returns a tensor's values in row-major order. */
  static float[] of(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }
}
