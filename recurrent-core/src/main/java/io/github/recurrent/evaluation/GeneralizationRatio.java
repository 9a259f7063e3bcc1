package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;

/**
 * How far a model goes beyond what it was trained on (paper, appendix J, figure 19): the greatest
 * number of hops of which held-out facts are answered with some accuracy at some number of
 * iterations, its <em>reach</em>, over its learnable recursion depth. Facts that were trained on
 * count for nothing. Immutable and thread-safe.
 *
 * @param setup what was swept and how
 * @param accuracy the accuracy at which a number of hops counts as answered, in (0, 1]
 * @param learnableDepth the learnable recursion depth, in hops
 * @param reach the greatest number of hops of which held-out facts are answered at some number of
 *     iterations; 0 if none are
 * @param testedHops the greatest number of hops there were held-out facts of
 */
@JsonPropertyOrder({"setup", "accuracy", "learnable_depth", "reach", "ratio"})
public record GeneralizationRatio(
    Setup setup, double accuracy, int learnableDepth, int reach, int testedHops) implements Report {
  /** The accuracy in the paper. */
  public static final double ACCURACY = 0.6;

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if the depth is not at least 1, or the accuracy is not in (0,
   *     1]
   */
  public GeneralizationRatio {
    checkArgument(
        learnableDepth >= 1,
        "a learnable recursion depth must be at least 1, but is %s",
        learnableDepth);
    checkArgument(
        accuracy > 0 && accuracy <= 1, "the accuracy must be in (0, 1], but is %s", accuracy);
  }

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
   * @throws IllegalArgumentException if the accuracy is not in (0, 1], the depth is not at least 1,
   *     or the sweep has no held-out facts
   */
  public static GeneralizationRatio of(DepthSweep sweep, int learnableDepth, double accuracy) {
    int tested = sweep.heldOutHops();
    checkArgument(
        tested > 0,
        "the sweep has no held-out facts, only %s",
        sweep.rows().stream().map(DepthSweep.Row::type).toList());
    return new GeneralizationRatio(
        sweep.setup(), accuracy, learnableDepth, sweep.reach(accuracy), tested);
  }

  /** Returns the reach over the learnable recursion depth. */
  @JsonProperty
  public double ratio() {
    return (double) reach / learnableDepth;
  }

  /**
   * Returns whether held-out facts of all hops were answered that were tested, so that the reach
   * may be greater.
   */
  @JsonProperty("lower_bound")
  public boolean isLowerBound() {
    return reach == testedHops;
  }

  /** Returns the figures as one row; {@code lower_bound} is 1 where the reach may be greater. */
  @Override
  public Table table() {
    return RecordTable.of(ImmutableList.of(this), GeneralizationRatio.class, "accuracy");
  }
}
