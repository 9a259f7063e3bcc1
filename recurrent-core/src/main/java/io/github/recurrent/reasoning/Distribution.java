package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * A probability distribution over a vocabulary: the softmax of the logits at the read position.
 * Immutable and thread-safe.
 */
public final class Distribution {
  private final double[] probabilities;
  private final double[] logProbabilities;

  private Distribution(double[] probabilities, double[] logProbabilities) {
    this.probabilities = probabilities;
    this.logProbabilities = logProbabilities;
  }

  /**
   * Returns the softmax of logits.
   *
   * @param logits {@code [vocabulary]}
   * @throws IllegalArgumentException if there are none or one is not finite
   */
  public static Distribution ofLogits(float[] logits) {
    return ofLogits(logits, 0, logits.length, id -> true);
  }

  /**
   * Returns the softmax of the logits of allowed tokens; the others have probability 0.
   *
   * @param logits of rows one after another
   * @param start the index of the row's first logit
   * @param size the number of the row's logits
   * @throws IllegalArgumentException if no token is allowed, or a logit is not finite
   */
  public static Distribution ofLogits(float[] logits, int start, int size, IntPredicate allowed) {
    checkArgument(size > 0, "a distribution needs at least one logit");
    double[] logProbabilities = new double[size];
    double max = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < size; id++) {
      float logit = logits[start + id];
      if (!Float.isFinite(logit)) {
        throw new IllegalArgumentException("the logit of id " + id + " is " + logit);
      }
      logProbabilities[id] = allowed.test(id) ? logit : Double.NEGATIVE_INFINITY;
      max = Math.max(max, logProbabilities[id]);
    }
    checkArgument(max > Double.NEGATIVE_INFINITY, "no token is left of the %s", size);
    return normalized(logProbabilities, max);
  }

  /** Divides e to the given powers by their sum. */
  private static Distribution normalized(double[] logits, double max) {
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] = Math.exp(logits[id] - max);
      sum += probabilities[id];
    }
    double logSum = Math.log(sum);
    for (int id = 0; id < logits.length; id++) {
      probabilities[id] /= sum;
      logits[id] = logits[id] - max - logSum;
    }
    return new Distribution(probabilities, logits);
  }

  /**
   * Returns this distribution on condition that a token is one of some; the others have probability
   * 0.
   *
   * @throws IllegalArgumentException if no token of any probability is
   */
  public Distribution restrictedTo(IntPredicate allowed) {
    double max = Double.NEGATIVE_INFINITY;
    double[] restricted = new double[size()];
    for (int id = 0; id < restricted.length; id++) {
      restricted[id] = allowed.test(id) ? logProbabilities[id] : Double.NEGATIVE_INFINITY;
      max = Math.max(max, restricted[id]);
    }
    checkArgument(max > Double.NEGATIVE_INFINITY, "no token is left of the %s", size());
    return normalized(restricted, max);
  }

  /** Returns the number of tokens. */
  public int size() {
    return logProbabilities.length;
  }

  /** Returns the probability of a token, in [0, 1]. */
  public double probability(int id) {
    return probabilities[id];
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
    for (int id = 0; id < probabilities.length; id++) {
      double probability = probabilities[id];
      entropy -= probability == 0 ? 0 : probability * logProbabilities[id];
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
    for (int id = 0; id < probabilities.length; id++) {
      double probability = probabilities[id];
      divergence +=
          probability == 0 ? 0 : probability * (logProbabilities[id] - other.logProbabilities[id]);
    }
    return divergence;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distribution that
        && Arrays.equals(logProbabilities, that.logProbabilities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(logProbabilities);
  }

  /** Returns such as {@code Distribution[217 tokens, id 17 most probable: 0.983]}. */
  @Override
  public String toString() {
    int best = mostProbable();
    return String.format(
        Locale.ROOT,
        "Distribution[%d tokens, id %d most probable: %.3f]",
        size(),
        best,
        probability(best));
  }
}
