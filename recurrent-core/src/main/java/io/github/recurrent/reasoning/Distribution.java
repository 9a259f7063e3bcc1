package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.function.IntPredicate;

/**
 * A probability distribution over a vocabulary: the softmax of the logits at the read position.
 * Immutable and thread-safe.
 */
public final class Distribution {
  private final double[] logProbabilities;

  private Distribution(double[] logProbabilities) {
    this.logProbabilities = logProbabilities;
  }

  /**
   * Returns the softmax of logits.
   *
   * @param logits {@code [vocabulary]}
   * @throws IllegalArgumentException if there are none or one is not finite
   */
  public static Distribution ofLogits(float[] logits) {
    checkArgument(logits.length > 0, "a distribution needs at least one logit");
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      if (!Float.isFinite(logits[id])) {
        throw new IllegalArgumentException("the logit of id " + id + " is " + logits[id]);
      }
      max = Math.max(max, logits[id]);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double logSum = Math.log(sum);
    double[] logProbabilities = new double[logits.length];
    for (int id = 0; id < logits.length; id++) {
      logProbabilities[id] = logits[id] - max - logSum;
    }
    return new Distribution(logProbabilities);
  }

  /**
   * Returns this distribution on condition that a token is one of some; the others have probability
   * 0.
   *
   * @throws IllegalArgumentException if no token of any probability is
   */
  public Distribution restrictedTo(IntPredicate allowed) {
    double sum = 0;
    for (int id = 0; id < logProbabilities.length; id++) {
      sum += allowed.test(id) ? probability(id) : 0;
    }
    checkArgument(sum > 0, "no token is left of the %s", logProbabilities.length);
    double logSum = Math.log(sum);
    double[] restricted = new double[logProbabilities.length];
    for (int id = 0; id < logProbabilities.length; id++) {
      restricted[id] = allowed.test(id) ? logProbabilities[id] - logSum : Double.NEGATIVE_INFINITY;
    }
    return new Distribution(restricted);
  }

  /** Returns the number of tokens. */
  public int size() {
    return logProbabilities.length;
  }

  /** Returns the probability of a token, in [0, 1]. */
  public double probability(int id) {
    return Math.exp(logProbabilities[id]);
  }

  /** Returns the natural logarithm of the probability of a token. */
  public double logProbability(int id) {
    return logProbabilities[id];
  }

  /** Returns the id of the most probable token, the least such id among equals. */
  public int mostProbable() {
    int best = 0;
    for (int id = 1; id < logProbabilities.length; id++) {
      if (logProbabilities[id] > logProbabilities[best]) {
        best = id;
      }
    }
    return best;
  }

  /** Returns the entropy, in nats. */
  public double entropy() {
    double entropy = 0;
    for (double logProbability : logProbabilities) {
      double probability = Math.exp(logProbability);
      entropy -= probability == 0 ? 0 : probability * logProbability;
    }
    return entropy;
  }

  /**
   * Returns the Kullback-Leibler divergence KL(this ‖ other), in nats.
   *
   * @throws IllegalArgumentException if the distributions differ in size
   */
  public double divergenceFrom(Distribution other) {
    checkArgument(
        size() == other.size(), "distributions over %s and %s tokens", size(), other.size());
    double divergence = 0;
    for (int id = 0; id < logProbabilities.length; id++) {
      double probability = Math.exp(logProbabilities[id]);
      divergence +=
          probability == 0 ? 0 : probability * (logProbabilities[id] - other.logProbabilities[id]);
    }
    return divergence;
  }
}
