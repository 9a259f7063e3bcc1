package io.github.recurrent.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.reasoning.Reasoner;
import java.util.stream.Stream;

/**
 * Accuracy by type of fact and by number of iterations, whatever the recurrence in training (paper
 * fig. 5). One run of the greatest number of iterations gives the figures of all. Immutable and
 * thread-safe.
 *
 * @param setup what was swept and how
 * @param firstIteration the least number of iterations
 * @param lastIteration the greatest number of iterations
 * @param rows the accuracies of each type of fact, in the order of the split
 */
public record DepthSweep(
    Setup setup, int firstIteration, int lastIteration, ImmutableList<Row> rows) implements Report {
  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if a row does not have one for each iteration
   */
  public DepthSweep {
    IterationRange range = new IterationRange(firstIteration, lastIteration);
    rows.forEach(row -> range.check(row.firstIteration(), "accuracy", row.accuracies()));
  }

  /** Begins a sweep over the facts of a split; 1 to 16 iterations unless said otherwise. */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(Subject.of(reasoner, split), IterationRange.DEFAULT);
  }

  /**
   * Returns the accuracies of a type of fact.
   *
   * @throws IllegalArgumentException if the sweep has no facts of that type
   */
  public Row row(String type) {
    return OfType.find(rows, Row::type, type);
  }

  /**
   * Returns the greatest number of hops of which held-out facts are answered with at least some
   * accuracy at some number of iterations; 0 if none are. What was trained on does not count
   * ({@link Split#isHeldOut}). Over the learnable recursion depth, with an accuracy of 0.6, it is
   * the paper's <em>generalization ratio</em> (app. J).
   */
  public int reach(double accuracy) {
    return heldOut()
        .filter(row -> row.bestAccuracy() >= accuracy)
        .mapToInt(Row::hops)
        .max()
        .orElse(0);
  }

  /** Returns the greatest number of hops there are held-out facts of; 0 if there are none. */
  int heldOutHops() {
    return heldOut().mapToInt(Row::hops).max().orElse(0);
  }

  private Stream<Row> heldOut() {
    return rows().stream().filter(row -> Split.isHeldOut(row.type()));
  }

  /** Returns the accuracies as rows, one for each type of facts and number of iterations. */
  @Override
  public Table table() {
    return RecordTable.of(rows, Row.class, "type", "hops", "iterations");
  }

  /** Configures a sweep. Immutable; each method returns a changed one. */
  public static final class Run extends RangeAnalysis<Run> {
    private Run(Subject subject, IterationRange range) {
      super(subject, range);
    }

    @Override
    Run with(Subject subject, IterationRange range) {
      return new Run(subject, range);
    }

    /**
     * Runs every query once, for the greatest number of iterations.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public DepthSweep run() {
      SweepCounts counts = new SweepCounts(range());
      TrajectoryPass.run(subject(), range().last(), ImmutableList.of(counts));
      return of(subject(), range(), counts);
    }
  }

  static DepthSweep of(Subject subject, IterationRange range, SweepCounts counts) {
    return new DepthSweep(
        subject.setup(range.setting()), range.first(), range.last(), counts.rows());
  }

  /**
   * The accuracies of one type of fact.
   *
   * @param type the type of the facts, such as {@code 5hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param firstIteration the number of iterations of the first accuracy
   * @param accuracies the share of facts, in [0, 1], whose most probable token after an iteration
   *     is the answer, by iteration
   */
  public record Row(
      String type,
      int hops,
      int facts,
      int firstIteration,
      @JsonProperty("accuracy") ImmutableDoubleArray accuracies) {
    /**
     * Returns the accuracy after an iteration.
     *
     * @throws IndexOutOfBoundsException if the iteration is outside the sweep
     */
    public double accuracy(int iteration) {
      return accuracies.get(iteration - firstIteration);
    }

    /** Returns the greatest accuracy at any number of iterations. */
    public double bestAccuracy() {
      return accuracies.stream().max().orElseThrow();
    }

    /** Returns the least number of iterations at which the accuracy is greatest. */
    public int bestIteration() {
      return firstIteration + accuracies.indexOf(bestAccuracy());
    }
  }
}
