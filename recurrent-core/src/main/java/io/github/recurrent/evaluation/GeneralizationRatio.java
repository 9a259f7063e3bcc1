package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import org.immutables.value.Value;

/**
 * How far a model goes beyond what it was trained on (paper, appendix J, figure 19): the greatest
 * number of hops of which held-out facts are answered with some accuracy at some number of
 * iterations, its <em>reach</em>, over its learnable recursion depth. Facts that were trained on
 * count for nothing. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class GeneralizationRatio implements Report {
  /** The accuracy in the paper. */
  public static final double ACCURACY = 0.6;

  GeneralizationRatio() {}

  /**
   * Returns the ratio of a model by its sweep, for an accuracy of 0.6.
   *
   * @param learnableDepth the greatest number of hops of a stage that its curriculum has passed
   * @throws IllegalArgumentException if the depth is not at least 1, or the sweep has no held-out
   *     facts
   */
  public static GeneralizationRatio of(DepthSweep sweep, int learnableDepth) {
    return of(sweep, learnableDepth, ACCURACY);
  }

  /**
   * Returns the ratio of a model whose sweep tells its learnable recursion depth, for an accuracy
   * of 0.6.
   *
   * @throws IllegalArgumentException if its provenance does not tell the depth, or it is not at
   *     least 1, or the sweep has no held-out facts
   */
  public static GeneralizationRatio of(DepthSweep sweep) {
    return of(sweep, LearnableDepth.of(sweep.setup().provenance()));
  }

  /**
   * Returns the ratio of a model by its sweep.
   *
   * @param accuracy the accuracy at which a number of hops counts as answered, in (0, 1]
   * @throws IllegalArgumentException if the accuracy is none, the depth is not at least 1, or the
   *     sweep has no held-out facts
   */
  public static GeneralizationRatio of(DepthSweep sweep, int learnableDepth, double accuracy) {
    int tested = sweep.heldOutHops();
    checkArgument(
        tested > 0,
        "the sweep has no held-out facts, but %s",
        sweep.rows().stream().map(DepthSweep.Row::type).toList());
    return ImmutableGeneralizationRatio.builder()
        .setup(sweep.setup())
        .learnableDepth(learnableDepth)
        .accuracy(accuracy)
        .reach(sweep.reach(accuracy))
        .testedHops(tested)
        .build();
  }

  /** Returns what was swept and how. */
  public abstract Setup setup();

  /** Returns the learnable recursion depth, in hops. */
  public abstract int learnableDepth();

  /** Returns the accuracy at which a number of hops counts as answered, in (0, 1]. */
  public abstract double accuracy();

  /**
   * Returns the greatest number of hops of which held-out facts are answered at some number of
   * iterations; 0 if none are.
   */
  public abstract int reach();

  /** Returns the greatest number of hops there were held-out facts of. */
  public abstract int testedHops();

  /** Returns the reach over the learnable recursion depth. */
  public final double ratio() {
    return (double) reach() / learnableDepth();
  }

  /**
   * Returns whether held-out facts of all hops were answered that were tested, so that the reach
   * may be greater.
   */
  public final boolean isLowerBound() {
    return reach() == testedHops();
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static GeneralizationRatio ofJson(JsonNode json) {
    return ReportJson.read(
        "generalization ratio",
        () ->
            ImmutableGeneralizationRatio.builder()
                .setup(Setup.of(json))
                .learnableDepth(ReportJson.integer(json, "learnable_depth"))
                .accuracy(ReportJson.figure(json, "accuracy"))
                .reach(ReportJson.integer(json, "reach"))
                .testedHops(ReportJson.integer(json, "tested_hops"))
                .build());
  }

  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    setup().addTo(json);
    return json.put("accuracy", accuracy())
        .put("learnable_depth", learnableDepth())
        .put("reach", reach())
        .put("ratio", ratio())
        .put("tested_hops", testedHops())
        .put("lower_bound", isLowerBound());
  }

  /** Returns the figures as one row; {@code lower_bound} is 1 where the reach may be greater. */
  @Override
  public final Table table() {
    return Table.keys("accuracy")
        .figures("learnable_depth", "reach", "ratio", "tested_hops", "lower_bound")
        .row(
            ImmutableList.of(Double.toString(accuracy())),
            learnableDepth(),
            reach(),
            ratio(),
            testedHops(),
            isLowerBound() ? 1 : 0)
        .build();
  }

  @Value.Check
  void check() {
    checkArgument(
        learnableDepth() >= 1,
        "a learnable recursion depth must be at least 1, but is %s",
        learnableDepth());
    checkArgument(
        accuracy() > 0 && accuracy() <= 1, "the accuracy must be in (0, 1], but is %s", accuracy());
  }
}
