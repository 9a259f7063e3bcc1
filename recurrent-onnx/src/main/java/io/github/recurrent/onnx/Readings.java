package io.github.recurrent.onnx;

/** What was read after an iteration, of rows one after another. */
final class Readings {
  private final float[] logits;
  private final float[] states;

  Readings(float[] logits, float[] states) {
    this.logits = logits;
    this.states = states;
  }

  /** Returns the logits {@code [read rows, vocabulary]}; none if no row was read. */
  float[] logits() {
    return logits;
  }

  /** Returns the hidden states {@code [read rows, width]}; none if they were not asked for. */
  float[] states() {
    return states;
  }
}
