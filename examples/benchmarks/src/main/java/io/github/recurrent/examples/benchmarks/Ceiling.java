package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.onnx.MatrixProductRate;
import java.util.Locale;

/**
 * The rate that no model exceeds on this machine: that of ONNX Runtime's products of two large
 * matrices, on all cores.
 *
 * @param rate in GFLOP/s
 */
record Ceiling(double rate) {
  static Ceiling measure() {
    return new Ceiling(MatrixProductRate.measure(AllCores.THREADS));
  }

  /** Returns how much of it a rate, in GFLOP/s, is, such as {@code 83%}. */
  String share(double of) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * of / rate);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d threads; products of 2048 x 2048 matrices: %.0f GFLOP/s",
        AllCores.THREADS,
        rate);
  }
}
