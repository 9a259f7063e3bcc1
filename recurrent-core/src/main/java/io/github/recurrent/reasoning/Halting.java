package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * When a row stops iterating and gives its answer.
 *
 * <p>With p_t the distribution after iteration t, h_t the hidden state of the read token (less its
 * mean, see {@link HiddenChange}), and all thresholds strict, a row halts at the first iteration t
 * ≥ 2, and not before {@link #atLeast()}, at which its rule holds; at the latest it halts at {@link
 * #atMost()}.
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
  private static final int DEFAULT_MAX_ITERATIONS = 16;

  Halting() {}

  /**
   * Halts every row after the same number of iterations.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public static Halting fixed(int iterations) {
    return ImmutableHalting.builder()
        .criterion(new Criterion.Never())
        .atLeast(iterations)
        .limit(iterations)
        .build();
  }

  /**
   * Halts once the distribution has converged and is confident: both thresholds, in nats. The paper
   * has 0.01 and 3.0 for 200 entities; smaller vocabularies need a smaller entropy. At most 16
   * iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless both thresholds are positive
   */
  public static Halting klAndEntropy(double kl, double entropy) {
    return by(new Criterion.Thresholds(OptionalDouble.of(kl), OptionalDouble.of(entropy)));
  }

  /**
   * Halts once the distribution has converged, confident or not; this is often too early (paper
   * fig. 9 and 10). At most 16 iterations unless {@link #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless the threshold, in nats, is positive
   */
  public static Halting kl(double kl) {
    return by(new Criterion.Thresholds(OptionalDouble.of(kl), OptionalDouble.empty()));
  }

  /**
   * Halts once the distribution is confident, converged or not. At most 16 iterations unless {@link
   * #atMost} says otherwise.
   *
   * @throws IllegalArgumentException unless the threshold, in nats, is positive
   */
  public static Halting entropy(double entropy) {
    return by(new Criterion.Thresholds(OptionalDouble.empty(), OptionalDouble.of(entropy)));
  }

  /**
   * Halts by the published scripts' second rule, with which they judge models in training: KL below
   * 0.5 and entropy below 3 + 12 / length, in nats; long queries must be more confident. At most 16
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
    return by(new Criterion.StableAnswer(iterations));
  }

  /**
   * Halts once an iteration changes the hidden state of the read token by less than a share of its
   * norm, whatever the distribution is. At most 16 iterations unless {@link #atMost} says
   * otherwise.
   *
   * @throws IllegalArgumentException unless the share is positive
   */
  public static Halting hiddenChange(double share) {
    return by(new Criterion.HiddenStateChange(share));
  }

  /**
   * Halts by a rule of one's own. At most 16 iterations unless {@link #atMost} says otherwise.
   *
   * @param description what the rule does, for messages and reports
   */
  public static Halting rule(String description, Rule rule) {
    return by(new Criterion.Own(description, rule));
  }

  private static Halting by(Criterion criterion) {
    return ImmutableHalting.builder().criterion(criterion).build();
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
   * Is told what a row is at after every iteration, the last one included. Whoever runs the row
   * calls this, one iteration after another, and waits for it.
   */
  @FunctionalInterface
  public interface Watcher {
    /**
     * A row had an iteration.
     *
     * @param iteration its number, from 1
     * @param distribution among the tokens that the rule looks at
     */
    void iterated(int iteration, Distribution distribution);
  }

  /**
   * Returns this rule with somebody who watches the rows that run under it; of several rows nothing
   * tells which one has iterated, so that a watched rule is best for one. A row halts as without
   * it, but all its iterations are read.
   */
  public final Halting watchedBy(Watcher watcher) {
    return ImmutableHalting.builder().from(this).watcher(watcher).build();
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
    return ImmutableHalting.builder().from(this).atLeast(iterations).build();
  }

  private void requireBounds(String bound, int iterations) {
    checkArgument(
        !(criterion() instanceof Criterion.Never),
        "fixed(%s) always runs %s iterations, and cannot take %s(%s); fixed(%s) runs %s",
        atMost(),
        atMost(),
        bound,
        iterations,
        iterations,
        iterations);
  }

  /**
   * Returns this rule with distributions among the entities alone: other tokens can neither be the
   * answer nor take confidence from a row.
   */
  public final Halting amongEntities() {
    return ImmutableHalting.builder().from(this).isAmongEntities(true).build();
  }

  /**
   * Returns the divergence of successive distributions, in nats, below which a row may halt; empty
   * if the rule does not look at it.
   */
  public final OptionalDouble klThreshold() {
    return criterion() instanceof Criterion.Thresholds thresholds
        ? thresholds.kl()
        : OptionalDouble.empty();
  }

  /**
   * Returns the entropy, in nats, below which a row may halt; empty if the rule does not look at
   * it.
   */
  public final OptionalDouble entropyThreshold() {
    return criterion() instanceof Criterion.Thresholds thresholds
        ? thresholds.entropy()
        : OptionalDouble.empty();
  }

  /**
   * Returns whether an exported {@code model.onnx} can follow the rule on its own: it is fixed, or
   * looks at divergence and entropy over all tokens, and nobody watches.
   */
  public final boolean isPortable() {
    return !isAmongEntities()
        && watcher().isEmpty()
        && (isFixed() || criterion() instanceof Criterion.Thresholds);
  }

  /** By what rows halt before they have had the greatest number of iterations. */
  abstract Criterion criterion();

  /** Who is told of every iteration. */
  abstract Optional<Watcher> watcher();

  /** Returns the least number of iterations. */
  @Value.Default
  public int atLeast() {
    return 1;
  }

  /** Returns the greatest number of iterations, at which every row halts. */
  @Value.Derived
  public int atMost() {
    int least = atLeast();
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
  public boolean isAmongEntities() {
    return false;
  }

  /** Returns whether every row runs the same number of iterations. */
  public final boolean isFixed() {
    return atLeast() == atMost() || criterion() instanceof Criterion.Never;
  }

  /** Returns whether rows are followed by how their hidden state changes. */
  public final boolean looksAtHiddenState() {
    return !isFixed() && criterion() instanceof Criterion.HiddenStateChange;
  }

  /** Returns the first iteration at which a row may halt by its rule. */
  final int firstHalting() {
    return Math.max(2, atLeast());
  }

  /** Begins to follow a row, for implementations of {@link Reasoner}. */
  public final HaltingRow row() {
    return new RowProgress(this);
  }

  @Value.Check
  void check() {
    checkArgument(atLeast() >= 1, "iterations must be at least 1, but are %s", atLeast());
    checkArgument(
        limit().orElse(1) >= 1, "iterations must be at least 1, but are %s", limit().orElse(1));
    checkArgument(
        atLeast() <= atMost(), "at least %s iterations cannot be at most %s", atLeast(), atMost());
  }

  @Override
  public final String toString() {
    String tokens = isAmongEntities() ? ", among entities" : "";
    if (isFixed()) {
      return atMost() + " iterations" + tokens;
    }
    return criterion() + ", " + atLeast() + " to " + atMost() + " iterations" + tokens;
  }
}
