package io.github.recurrent.tf.listener;

import io.github.recurrent.tf.TrainingListener;

/** The mean loss and the rate of examples since some moment. Not thread-safe. */
final class StepAverages {
  private double lossSum;
  private long examples;
  private int steps;
  private long begin = System.nanoTime();

  void add(TrainingListener.Step step) {
    lossSum += step.loss();
    examples += step.examples();
    steps++;
  }

  int steps() {
    return steps;
  }

  /** Returns the mean loss in nats; NaN if there was no step. */
  double loss() {
    return lossSum / steps;
  }

  double examplesPerSecond() {
    return examples / ((System.nanoTime() - begin) / 1e9);
  }

  double secondsPerStep() {
    return (System.nanoTime() - begin) / 1e9 / steps;
  }

  /** Begins anew. */
  void clear() {
    lossSum = 0;
    examples = 0;
    steps = 0;
    begin = System.nanoTime();
  }
}
