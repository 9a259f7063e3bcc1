package io.github.recurrent.onnx.internal.graph;

import java.nio.FloatBuffer;

/**
 * A matrix of linear weights as unsigned bytes around a zero point, with a scale for each output.
 *
 * <p>The bytes are unsigned because x86 processors without VNNI multiply unsigned by signed bytes
 * in pairs whose sum saturates at 16 bits: 255 · 127 · 2 does not fit. ONNX Runtime widens unsigned
 * pairs first, and elsewhere runs the same kernel for both.
 */
public final class QuantizedMatrix {
  /** The byte that stands for 0. */
  public static final int ZERO_POINT = 128;

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
  public static QuantizedMatrix of(FloatBuffer weights, int outputs) {
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
      int steps = Math.round(weights.get(weights.position() + i) / scales[i % outputs]);
      values[i] = (byte) (steps + ZERO_POINT);
    }
    return new QuantizedMatrix(values, scales);
  }

  /** Returns the unsigned bytes {@code [inputs, outputs]} in row-major order, from 1 to 255. */
  public byte[] values() {
    return values;
  }

  /** Returns the value of one step, {@code [outputs]}. */
  public float[] scales() {
    return scales;
  }
}
