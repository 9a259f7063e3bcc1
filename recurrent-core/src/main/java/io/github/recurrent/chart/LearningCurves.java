package io.github.recurrent.chart;

import org.knowm.xchart.internal.chartpart.IChart;

/**
 * Accuracies over the steps of a training, or over its time (paper, figure 3). Immutable and
 * thread-safe; each method returns a changed one.
 */
public final class LearningCurves extends Drawing {
  private final Curves curves;

  private LearningCurves(Curves curves) {
    this.curves = curves;
  }

  /** Returns a picture over training steps, without curves yet. */
  public static LearningCurves titled(String title) {
    return new LearningCurves(Curves.titled(title).axes("training step", "accuracy").yRange(0, 1));
  }

  /** Says what the curves are over, with its unit, in the place of training steps. */
  public LearningCurves over(String axis) {
    return new LearningCurves(curves.axes(axis, "accuracy"));
  }

  /**
   * Returns this picture with one more curve.
   *
   * @param steps the number of updates at each point, or the time
   * @param accuracies in [0, 1], as many
   * @throws IllegalArgumentException if the numbers differ, there is none, one is not a number, or
   *     there is a curve of that name
   */
  public LearningCurves curve(String name, double[] steps, double[] accuracies) {
    return new LearningCurves(curves.curve(name, steps, accuracies));
  }

  /**
   * Returns this picture with one more curve: the mean of several trainings, and their standard
   * deviation as a band.
   *
   * @param steps the number of updates at each point, or the time
   * @param means of accuracies in [0, 1], as many
   * @param deviations as many
   * @throws IllegalArgumentException if the numbers differ, there is none, one is not a number, or
   *     there is a curve of that name
   */
  public LearningCurves band(String name, double[] steps, double[] means, double[] deviations) {
    return new LearningCurves(curves.band(name, steps, means, deviations));
  }

  @Override
  IChart chart(int width, int height) {
    return curves.chart(width, height);
  }
}
