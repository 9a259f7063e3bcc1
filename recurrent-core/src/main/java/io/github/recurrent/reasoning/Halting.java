package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * When a row stops iterating and gives its answer.
 *
 * <p>With p_t the distribution after iteration t, a row halts at the first iteration t ≥ 2, and not
 * before {@link #minIterations()}, for which KL(p_t ‖ p_{t−1}) is below {@link #klThreshold()} and
 * the entropy of p_t below {@link #entropyThreshold()} (paper §3, adaptive halting r*), or for
 * which a {@link Rule} holds; at the latest it halts at {@link #maxIterations()}. Immutable, and
 * thread-safe if the rule is.
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
   * Halts once the distribution is sure, settled or not. At most 16 iterations unless {@link
   * #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless the threshold, in nats, is positive
   */
  public static Halting entropy(double entropy) {
    return klAndEntropy(Double.POSITIVE_INFINITY, entropy);
  }

  /**
   * Halts once the most probable token has been the same after some iterations in a row. At most 16
   * iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless they are at least 2
   */
  public static Halting stableAnswer(int iterations) {
    checkArgument(
        iterations >= 2, "an answer is stable over at least 2 iterations, not %s", iterations);
    return rule(
        "the same answer " + iterations + " times",
        history ->
            history.size() >= iterations
                && history.subList(history.size() - iterations, history.size()).stream()
                        .mapToInt(Distribution::mostProbable)
                        .distinct()
                        .count()
                    == 1);
  }

  /**
   * Halts by a rule of one's own. At most 16 iterations unless {@link #atMost} says otherwise.
   *
   * @param description what the rule does, for messages and reports
   */
  public static Halting rule(String description, Rule rule) {
    return ImmutableHalting.builder()
        .klThreshold(Double.NEGATIVE_INFINITY)
        .entropyThreshold(Double.NEGATIVE_INFINITY)
        .minIterations(1)
        .maxIterations(16)
        .description(description)
        .rule(rule)
        .build();
  }

  /** Whether a row halts, by its distributions so far. */
  @FunctionalInterface
  public interface Rule {
    /**
     * Returns whether a row halts.
     *
     * @param history the distributions after iterations 1, 2, …, t; at least two
     */
    boolean halts(List<Distribution> history);
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

  /** Returns the rule in the place of thresholds, if there is one. */
  public abstract Optional<Rule> rule();

  /** Returns what the rule in the place of thresholds does. */
  abstract Optional<String> description();

  /** Returns whether every row runs the same number of iterations. */
  public final boolean isFixed() {
    return minIterations() == maxIterations()
        || (rule().isEmpty() && klThreshold() == Double.NEGATIVE_INFINITY);
  }

  /** Begins to follow a row. */
  public final Row row() {
    return new Row(this);
  }

  /** A row under this rule, one iteration after another. Not thread-safe. */
  public static final class Row {
    private final Halting halting;
    private final List<Distribution> history = new ArrayList<>();
    private int iterations;

    private Row(Halting halting) {
      this.halting = halting;
    }

    /**
     * Takes the distribution after the next iteration, and returns whether the row halts there.
     *
     * @throws IllegalStateException if it has had the greatest number of iterations already
     */
    public boolean halts(Distribution distribution) {
      checkState(
          iterations < halting.maxIterations(),
          "the row has halted after %s iterations",
          iterations);
      iterations++;
      history.add(distribution);
      // Thresholds look no further back, and distributions are large.
      if (halting.rule().isEmpty() && history.size() > 2) {
        history.remove(0);
      }
      return iterations == halting.maxIterations()
          || (iterations >= Math.max(2, halting.minIterations()) && isSettled());
    }

    private boolean isSettled() {
      if (halting.rule().isPresent()) {
        return halting.rule().get().halts(Collections.unmodifiableList(history));
      }
      Distribution current = history.get(1);
      return current.divergenceFrom(history.get(0)) < halting.klThreshold()
          && current.entropy() < halting.entropyThreshold();
    }

    /** Returns the number of iterations so far. */
    public int iterations() {
      return iterations;
    }
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
    String bounds = ", " + minIterations() + " to " + maxIterations() + " iterations";
    if (description().isPresent()) {
      return description().get() + bounds;
    }
    String entropy =
        entropyThreshold() == Double.POSITIVE_INFINITY
            ? ""
            : " and entropy < " + rounded(entropyThreshold());
    return "KL < " + rounded(klThreshold()) + entropy + bounds;
  }

  private static String rounded(double threshold) {
    if (Double.isInfinite(threshold)) {
      return Double.toString(threshold);
    }
    return new BigDecimal(threshold).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
