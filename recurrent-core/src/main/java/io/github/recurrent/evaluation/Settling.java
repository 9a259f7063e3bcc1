package io.github.recurrent.evaluation;

import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Arrays;

/**
 * How the distribution of a row settles: its entropy after every iteration and its divergence from
 * that before, computed once for all halting rules, with one exponential a logit.
 */
final class Settling {
  private final double[] divergences;
  private final double[] entropies;

  private Settling(int iterations) {
    this.divergences = new double[iterations];
    this.entropies = new double[iterations];
  }

  /** Follows a row for the given number of iterations, at most those of the trajectory. */
  static Settling of(Trajectory trajectory, int row, int iterations) {
    Settling settling = new Settling(iterations);
    double[] before = new double[trajectory.vocabularySize()];
    double[] now = new double[trajectory.vocabularySize()];
    double[] probabilities = new double[trajectory.vocabularySize()];
    Arrays.fill(before, Double.NaN);
    for (int index = 0; index < iterations; index++) {
      settling.add(index, trajectory.logits(index + 1, row), before, now, probabilities);
      double[] reused = before;
      before = now;
      now = reused;
    }
    return settling;
  }

  private void add(
      int index, float[] logits, double[] before, double[] now, double[] probabilities) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      double exponential = Math.exp(logits[id] - (double) greatest);
      probabilities[id] = exponential;
      sum += exponential;
    }
    double shift = greatest + Math.log(sum);
    double entropy = 0;
    double divergence = 0;
    for (int id = 0; id < logits.length; id++) {
      double probability = probabilities[id] / sum;
      double logProbability = logits[id] - shift;
      now[id] = logProbability;
      entropy -= probability * logProbability;
      divergence += probability * (logProbability - before[id]);
    }
    entropies[index] = entropy;
    divergences[index] = divergence;
  }

  /** Returns the iteration at which a rule of thresholds halts the row. */
  int haltingIteration(Halting halting) {
    double kl = halting.klThreshold().orElse(Double.POSITIVE_INFINITY);
    double entropy = halting.entropyThreshold().orElse(Double.POSITIVE_INFINITY);
    for (int iteration = Math.max(2, halting.atLeast());
        iteration < halting.atMost();
        iteration++) {
      if (divergences[iteration - 1] < kl && entropies[iteration - 1] < entropy) {
        return iteration;
      }
    }
    return halting.atMost();
  }
}
