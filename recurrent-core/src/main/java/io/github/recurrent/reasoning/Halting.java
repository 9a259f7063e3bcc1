package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import java.math.BigDecimal;
import java.math.MathContext;
import org.immutables.value.Value;

/**
 * When a row stops iterating and gives its answer.
 *
 * <p>With p_t the distribution after iteration t, a row halts at the first iteration t ≥ 2, and not
 * before {@link #minIterations()}, for which KL(p_t ‖ p_{t−1}) is below {@link #klThreshold()} and
 * the entropy of p_t below {@link #entropyThreshold()} (paper §3, adaptive halting r*); at the
 * latest it halts at {@link #maxIterations()}. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Halting {
  Halting() {}

  /**
   * Halts every row after the same number of iterations.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public static Halting fixed(int iterations) {
    return ImmutableHalting.builder()
        .klThreshold(Double.NEGATIVE_INFINITY)
        .entropyThreshold(Double.NEGATIVE_INFINITY)
        .minIterations(iterations)
        .maxIterations(iterations)
        .build();
  }

  /**
   * Halts once the distribution has settled and is sure: both thresholds, in nats. The paper has
   * 0.01 and 3.0 for 200 entities; smaller vocabularies need a smaller entropy. At most 16
   * iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless both thresholds are positive
   */
  public static Halting klAndEntropy(double kl, double entropy) {
    checkArgument(kl > 0, "the KL threshold must be positive, but is %s", kl);
    checkArgument(entropy > 0, "the entropy threshold must be positive, but is %s", entropy);
    return ImmutableHalting.builder()
        .klThreshold(kl)
        .entropyThreshold(entropy)
        .minIterations(1)
        .maxIterations(16)
        .build();
  }

  /**
   * Halts once the distribution has settled, sure or not; this is often too early (paper fig. 9 and
   * 10). At most 16 iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless the threshold, in nats, is positive
   */
  public static Halting kl(double kl) {
    return klAndEntropy(kl, Double.POSITIVE_INFINITY);
  }

  /**
   * Halts by the published scripts' second rule, with which they judge models in training: KL below
   * 0.5 and entropy below 3 + 12 / length, in nats; long queries must be surer. At most 16
   * iterations unless {@link #atMost} says otherwise.
   *
   * @param length the number of tokens of the query, head and relations
   * @throws IllegalArgumentException if it is not at least 2
   */
  public static Halting lengthScaled(int length) {
    checkArgument(length >= 2, "a query has at least 2 tokens, but the length is %s", length);
    return klAndEntropy(0.5, 3 + 12.0 / length);
  }

  /** Returns this rule with a greatest number of iterations. */
  public final Halting atMost(int iterations) {
    return ImmutableHalting.builder().from(this).maxIterations(iterations).build();
  }

  /** Returns this rule with a least number of iterations. */
  public final Halting atLeast(int iterations) {
    return ImmutableHalting.builder().from(this).minIterations(iterations).build();
  }

  /** Returns the divergence of successive distributions, in nats, below which a row may halt. */
  public abstract double klThreshold();

  /** Returns the entropy, in nats, below which a row may halt. */
  public abstract double entropyThreshold();

  /** Returns the least number of iterations. */
  public abstract int minIterations();

  /** Returns the greatest number of iterations, at which every row halts. */
  public abstract int maxIterations();

  /** Returns whether every row runs the same number of iterations. */
  public final boolean isFixed() {
    return klThreshold() == Double.NEGATIVE_INFINITY || minIterations() == maxIterations();
  }

  /**
   * Returns whether a row halts after an iteration with these distributions after it and before.
   */
  public final boolean halts(int iteration, Distribution current, Distribution previous) {
    return iteration >= maxIterations()
        || (iteration >= Math.max(2, minIterations())
            && current.divergenceFrom(previous) < klThreshold()
            && current.entropy() < entropyThreshold());
  }

  @Value.Check
  void check() {
    checkArgument(
        minIterations() >= 1, "iterations must be at least 1, but are %s", minIterations());
    checkArgument(
        minIterations() <= maxIterations(),
        "at least %s iterations cannot be at most %s",
        minIterations(),
        maxIterations());
  }

  @Override
  public final String toString() {
    if (isFixed()) {
      return maxIterations() + " iterations";
    }
    String entropy =
        entropyThreshold() == Double.POSITIVE_INFINITY
            ? ""
            : " and entropy < " + rounded(entropyThreshold());
    return "KL < "
        + rounded(klThreshold())
        + entropy
        + ", "
        + minIterations()
        + " to "
        + maxIterations()
        + " iterations";
  }

  private static String rounded(double threshold) {
    if (Double.isInfinite(threshold)) {
      return Double.toString(threshold);
    }
    return new BigDecimal(threshold).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
