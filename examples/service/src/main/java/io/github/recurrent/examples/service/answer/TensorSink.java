package io.github.recurrent.examples.service.answer;

/** Takes the values of a tensor in row-major order, all of its one type. */
public interface TensorSink {
  /** Takes a value of a tensor of BYTES. */
  void text(String value);

  /** Takes a value of a tensor of FP32, which is finite. */
  void real(float value);

  /** Takes a value of a tensor of INT32. */
  void whole(int value);
}
