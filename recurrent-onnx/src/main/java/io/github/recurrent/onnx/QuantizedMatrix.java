package io.github.recurrent.onnx;

import java.nio.FloatBuffer;

/** A matrix of linear weights as 8-bit integers, symmetric about 0, with a scale each output. */
final class QuantizedMatrix {
  private static final int MOST = 127;

  private final byte[] values;
  private final float[] scales;

  private QuantizedMatrix(byte[] values, float[] scales) {
    this.values = values;
    this.scales = scales;
  }

  /**
   * Rounds a matrix.
   *
   * @param weights {@code [inputs, outputs]} in row-major order
   */
  static QuantizedMatrix of(FloatBuffer weights, int outputs) {
    float[] largest = new float[outputs];
    for (int i = 0; i < weights.remaining(); i++) {
      float size = Math.abs(weights.get(weights.position() + i));
      largest[i % outputs] = Math.max(largest[i % outputs], size);
    }
    float[] scales = new float[outputs];
    for (int output = 0; output < outputs; output++) {
      scales[output] = largest[output] == 0 ? 1 : largest[output] / MOST;
    }
    byte[] values = new byte[weights.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) Math.round(weights.get(weights.position() + i) / scales[i % outputs]);
    }
    return new QuantizedMatrix(values, scales);
  }

  /** Returns the integers {@code [inputs, outputs]} in row-major order, from −127 to 127. */
  byte[] values() {
    return values;
  }

  /** Returns what a step is worth, {@code [outputs]}. */
  float[] scales() {
    return scales;
  }
}
