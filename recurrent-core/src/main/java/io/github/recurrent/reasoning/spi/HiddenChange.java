package io.github.recurrent.reasoning.spi;

import io.github.recurrent.reasoning.Reasoner;

/**
 * How much the hidden state of a row's read token changes from iteration to iteration, relative to
 * what it was: ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖, with h_t the state after iteration t, before the final
 * layer norm, less the mean of its values, which no layer norm sees. For implementations of {@link
 * Reasoner}. Not thread-safe.
 */
public final class HiddenChange {
  private double[] before = new double[0];

  /** Begins to follow a row. */
  public HiddenChange() {}

  /**
   * Takes the state after the next iteration, and returns by how much it has changed; infinity the
   * first time, when there is nothing to compare with.
   *
   * @param states of rows one after another, each of the given width
   * @param row the number of the row there
   */
  public double next(float[] states, int row, int width) {
    int start = Math.multiplyExact(row, width);
    double mean = 0;
    for (int i = 0; i < width; i++) {
      mean += states[start + i];
    }
    mean /= width;
    double[] now = new double[width];
    for (int i = 0; i < width; i++) {
      now[i] = states[start + i] - mean;
    }
    double change = before.length == 0 ? Double.POSITIVE_INFINITY : change(before, now);
    before = now;
    return change;
  }

  private static double change(double[] before, double[] now) {
    double moved = 0;
    double norm = 0;
    for (int i = 0; i < now.length; i++) {
      moved += (now[i] - before[i]) * (now[i] - before[i]);
      norm += before[i] * before[i];
    }
    return moved == 0 ? 0 : Math.sqrt(moved / norm);
  }
}
