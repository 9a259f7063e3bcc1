package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.primitives.Ints;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * When a row stops iterating and gives its answer.
 *
 * <p>With p_t the distribution after iteration t, h_t the hidden state of the read token (less its
 * mean, see {@link HiddenChange}), and all thresholds strict, a row halts at the first iteration t
 * ≥ 2, and not before {@link #minIterations()}, at which its rule holds; at the latest it halts at
 * {@link #maxIterations()}.
 *
 * <table>
 * <caption>Rules</caption>
 * <tr><th>rule</th><th>holds if</th><th>source</th><th>values to begin with</th></tr>
 * <tr><td>{@link #fixed}</td><td>never: every row runs r iterations</td><td>paper §3</td>
 *     <td>r: the hops, and one or two more</td></tr>
 * <tr><td>{@link #klAndEntropy}</td><td>KL(p_t ‖ p_{t−1}) &lt; ε and H(p_t) &lt; h</td>
 *     <td>paper §3, adaptive halting r*</td><td>ε = 0.01, h = 3 nats of ln 200; the published
 *     scripts evaluate with ε = 0.001</td></tr>
 * <tr><td>{@link #kl}</td><td>KL(p_t ‖ p_{t−1}) &lt; ε</td><td>paper figures 9 and 10, as the rule
 *     that halts too early</td><td>ε = 0.01</td></tr>
 * <tr><td>{@link #entropy}</td><td>H(p_t) &lt; h</td><td>the other half of r*</td>
 *     <td>h = 0.3 to 0.6 of the logarithm of the number of entities</td></tr>
 * <tr><td>{@link #lengthScaled}</td><td>KL(p_t ‖ p_{t−1}) &lt; 0.5 and H(p_t) &lt; 3 + 12 / n, for
 *     a query of n tokens</td><td>published scripts, to judge models in training</td><td>n: the
 *     hops plus 1</td></tr>
 * <tr><td>{@link #stableAnswer}</td><td>arg max p_t = arg max p_{t−1} = … of the last n</td>
 *     <td>in use for other looped models (Geiping et al. 2025, arXiv 2502.05171)</td>
 *     <td>n = 3</td></tr>
 * <tr><td>{@link #hiddenChange}</td><td>‖h_t − h_{t−1}‖ / ‖h_{t−1}‖ &lt; ε</td><td>in use for other
 *     looped models (Geiping et al. 2025)</td><td>ε = 0.03</td></tr>
 * <tr><td>{@link #rule}</td><td>whatever it says of p_1, …, p_t</td><td>one's own</td><td></td></tr>
 * </table>
 *
 * <p>All but the fixed rule run from 1 to 16 iterations (16 is the published scripts' bound) unless
 * {@link #atLeast} and {@link #atMost} say otherwise, in whatever order. A least number of 16 or
 * more without a greatest leaves the rule 16 iterations after it. The fixed rule takes no bounds.
 * KL and H are in nats. Immutable, and thread-safe if the rule is.
 */
@Value.Immutable
public abstract class Halting {
  private static final double NEVER = Double.NEGATIVE_INFINITY;
  private static final int DEFAULT_MAX_ITERATIONS = 16;

  Halting() {}

  /**
   * Halts every row after the same number of iterations.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public static Halting fixed(int iterations) {
    return ImmutableHalting.builder().minIterations(iterations).limit(iterations).build();
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
    return ImmutableHalting.builder().klThreshold(kl).entropyThreshold(entropy).build();
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

  /**
   * Halts once the most probable token has been the same after some iterations in a row. At most 16
   * iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless they are at least 2
   */
  public static Halting stableAnswer(int iterations) {
    checkArgument(
        iterations >= 2, "an answer is stable over at least 2 iterations, not %s", iterations);
    return ImmutableHalting.builder().stableIterations(iterations).build();
  }

  /**
   * Halts once an iteration changes the hidden state of the read token by less than a share of its
   * norm, whatever the distribution is. At most 16 iterations unless {@link #atMost} says
   * otherwise.
   *
   * @throws IllegalArgumentException unless the share is positive
   */
  public static Halting hiddenChange(double share) {
    checkArgument(share > 0, "the share must be positive, but is %s", share);
    return ImmutableHalting.builder().hiddenChangeThreshold(share).build();
  }

  /**
   * Halts by a rule of one's own. At most 16 iterations unless {@link #atMost} says otherwise.
   *
   * @param description what the rule does, for messages and reports
   */
  public static Halting rule(String description, Rule rule) {
    return ImmutableHalting.builder().description(description).rule(rule).build();
  }

  /**
   * Whether a row halts, by its distributions so far; asked by several threads for several rows.
   */
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
   * Returns this rule with a greatest number of iterations, at which every row halts.
   *
   * @throws IllegalArgumentException if it is not at least 1, or less than {@link #atLeast} said,
   *     or this rule is fixed
   */
  public final Halting atMost(int iterations) {
    requireBounds("atMost", iterations);
    return ImmutableHalting.builder().from(this).limit(iterations).build();
  }

  /**
   * Returns this rule with a least number of iterations.
   *
   * @throws IllegalArgumentException if it is not at least 1, or greater than {@link #atMost} said,
   *     or this rule is fixed
   */
  public final Halting atLeast(int iterations) {
    requireBounds("atLeast", iterations);
    return ImmutableHalting.builder().from(this).minIterations(iterations).build();
  }

  private void requireBounds(String bound, int iterations) {
    checkArgument(
        hasCriterion(),
        "fixed(%s) always runs %s iterations, and cannot take %s(%s); fixed(%s) runs %s",
        maxIterations(),
        maxIterations(),
        bound,
        iterations,
        iterations,
        iterations);
  }

  /**
   * Returns this rule with distributions among the entities alone: other tokens can neither be the
   * answer nor make a row unsure.
   */
  public final Halting amongEntities() {
    return ImmutableHalting.builder().from(this).entitiesOnly(true).build();
  }

  /** Returns the divergence of successive distributions, in nats, below which a row may halt. */
  @Value.Default
  public double klThreshold() {
    return NEVER;
  }

  /** Returns the entropy, in nats, below which a row may halt. */
  @Value.Default
  public double entropyThreshold() {
    return NEVER;
  }

  /** Returns the relative change of the hidden state below which a row halts. */
  @Value.Default
  public double hiddenChangeThreshold() {
    return NEVER;
  }

  /** Returns the number of iterations in a row whose most probable token must be the same. */
  public abstract OptionalInt stableIterations();

  /** Returns the least number of iterations. */
  @Value.Default
  public int minIterations() {
    return 1;
  }

  /** Returns the greatest number of iterations, at which every row halts. */
  @Value.Derived
  public int maxIterations() {
    int least = minIterations();
    return limit()
        .orElse(
            least < DEFAULT_MAX_ITERATIONS
                ? DEFAULT_MAX_ITERATIONS
                : Ints.saturatedCast((long) least + DEFAULT_MAX_ITERATIONS));
  }

  /** Returns the greatest number of iterations, if one was chosen. */
  @Value.Auxiliary
  abstract OptionalInt limit();

  /** Returns whether distributions are those among the entities alone. */
  @Value.Default
  public boolean entitiesOnly() {
    return false;
  }

  /** Returns the rule of one's own, if this is one. */
  public abstract Optional<Rule> rule();

  /** Returns what the rule of one's own does. */
  abstract Optional<String> description();

  /** Returns whether every row runs the same number of iterations. */
  public final boolean isFixed() {
    return minIterations() == maxIterations() || !hasCriterion();
  }

  /** Returns whether rows may halt by anything but the number of iterations. */
  private boolean hasCriterion() {
    return rule().isPresent()
        || stableIterations().isPresent()
        || klThreshold() > NEVER
        || hiddenChangeThreshold() > NEVER;
  }

  /** Returns whether rows are followed by how their hidden state changes. */
  public final boolean looksAtHiddenState() {
    return !isFixed() && hiddenChangeThreshold() > NEVER;
  }

  /** Returns the first iteration at which a row may halt by its rule. */
  private int firstHalting() {
    return Math.max(2, minIterations());
  }

  /** Returns the first iteration that the rule looks at. */
  private int firstRead() {
    if (rule().isPresent()) {
      return 1;
    }
    int looksBack = klThreshold() == Double.POSITIVE_INFINITY ? 0 : 1;
    return Math.max(1, firstHalting() - stableIterations().orElse(looksBack + 1) + 1);
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
    private int lastAnswer = -1;
    private int sameAnswers;

    private Row(Halting halting) {
      this.halting = halting;
    }

    /**
     * Returns how many iterations need not be read before the next that must be: the rule looks at
     * that one, or it is the last. {@link #skip} takes them.
     */
    public int unread() {
      int last = halting.maxIterations();
      int read = halting.isFixed() ? last : Math.min(last, halting.firstRead());
      return Math.max(0, read - iterations - 1);
    }

    /**
     * Takes iterations that need not be read.
     *
     * @throws IllegalArgumentException if their number is negative
     * @throws IllegalStateException if one of them must be read
     */
    public void skip(int count) {
      checkArgument(count >= 0, "iterations to skip must not be negative, but are %s", count);
      checkState(
          count <= unread(),
          "iteration %s of \"%s\" must be read",
          iterations + unread() + 1,
          halting);
      iterations += count;
    }

    /**
     * Takes what the row gives to read after the next iteration, and returns whether the row halts
     * there.
     *
     * @throws IllegalStateException if it has had the greatest number of iterations already, or the
     *     rule looks at the change of the hidden state and the reading has none
     */
    public boolean halts(Reading reading) {
      checkState(
          iterations < halting.maxIterations(),
          "the row has halted after %s iterations",
          iterations);
      iterations++;
      if (iterations == halting.maxIterations()) {
        return true;
      }
      boolean settled = isSettled(reading);
      return settled && iterations >= halting.firstHalting();
    }

    /**
     * Takes the distribution after the next iteration, and returns whether the row halts there.
     *
     * @throws IllegalStateException if it has had the greatest number of iterations already, or the
     *     rule looks at the change of the hidden state
     */
    public boolean halts(Distribution distribution) {
      return halts(Reading.of(distribution));
    }

    private boolean isSettled(Reading reading) {
      if (halting.isFixed()) {
        return false;
      }
      if (halting.hiddenChangeThreshold() > NEVER) {
        return reading.hiddenChange() < halting.hiddenChangeThreshold();
      }
      if (halting.stableIterations().isPresent()) {
        int answer = reading.mostProbable();
        sameAnswers = answer == lastAnswer ? sameAnswers + 1 : 1;
        lastAnswer = answer;
        return sameAnswers >= halting.stableIterations().getAsInt();
      }
      history.add(reading.distribution());
      if (halting.rule().isPresent()) {
        return iterations >= halting.firstHalting()
            && halting.rule().get().halts(Collections.unmodifiableList(history));
      }
      // Nothing looks further back, and distributions are large.
      if (history.size() > 2) {
        history.remove(0);
      }
      Distribution current = history.get(history.size() - 1);
      return isSure(current) && hasSettled(current);
    }

    private boolean isSure(Distribution current) {
      return halting.entropyThreshold() == Double.POSITIVE_INFINITY
          || current.entropy() < halting.entropyThreshold();
    }

    private boolean hasSettled(Distribution current) {
      return halting.klThreshold() == Double.POSITIVE_INFINITY
          || (history.size() == 2
              && current.divergenceFrom(history.get(0)) < halting.klThreshold());
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
        limit().orElse(1) >= 1, "iterations must be at least 1, but are %s", limit().orElse(1));
    checkArgument(
        minIterations() <= maxIterations(),
        "at least %s iterations cannot be at most %s",
        minIterations(),
        maxIterations());
  }

  @Override
  public final String toString() {
    String tokens = entitiesOnly() ? ", among entities" : "";
    if (isFixed()) {
      return maxIterations() + " iterations" + tokens;
    }
    return criterion() + ", " + minIterations() + " to " + maxIterations() + " iterations" + tokens;
  }

  private String criterion() {
    if (description().isPresent()) {
      return description().get();
    }
    if (stableIterations().isPresent()) {
      return "the same answer " + stableIterations().getAsInt() + " times";
    }
    if (hiddenChangeThreshold() > NEVER) {
      return "change of the hidden state < " + rounded(hiddenChangeThreshold());
    }
    String entropy =
        entropyThreshold() == Double.POSITIVE_INFINITY
            ? ""
            : " and entropy < " + rounded(entropyThreshold());
    return "KL < " + rounded(klThreshold()) + entropy;
  }

  private static String rounded(double threshold) {
    if (Double.isInfinite(threshold)) {
      return Double.toString(threshold);
    }
    return new BigDecimal(threshold).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
