package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.reasoning.Reasoner;

/**
 * How confident a model is of the right answer after every iteration, by type of fact (paper,
 * figure 8): the mean <em>logit margin</em>, which is the answer's logit less the greatest other,
 * and the mean <em>first hit</em>, the first iteration after which the answer is the most probable
 * token. Where a query has several right answers, the most probable of them is the answer, and none
 * of the others counts against it. Immutable and thread-safe.
 *
 * @param setup what was measured and how
 * @param firstIteration the least number of iterations
 * @param lastIteration the greatest number of iterations
 * @param rows the figures of each type of fact, in the order of the split
 */
public record LogitMargins(
    Setup setup, int firstIteration, int lastIteration, ImmutableList<Row> rows) implements Report {
  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException if two rows are of the same type, or a row does not have a
   *     figure for each iteration
   */
  public LogitMargins {
    IterationRange range = new IterationRange(firstIteration, lastIteration);
    for (Row row : rows) {
      range.check(row.firstIteration(), "margin", row.margins());
      range.check(row.firstIteration(), "accuracy", row.accuracies());
    }
    checkArgument(
        rows.stream().map(Row::type).distinct().count() == rows.size(),
        "types must differ, but are %s",
        rows.stream().map(Row::type).toList());
  }

  /**
   * Begins to measure margins on the facts of a split; 1 to 16 iterations unless said otherwise.
   * The first hit is the first in their range.
   */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(Subject.of(reasoner, split), IterationRange.DEFAULT);
  }

  /**
   * Returns the figures of a type of fact.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Row row(String type) {
    return OfType.find(rows, Row::type, type);
  }

  /**
   * Returns the figures as rows, one for each type of facts and number of iterations; from {@code
   * first_hit} on they are those of the type, the same in all its rows.
   */
  @Override
  public Table table() {
    return RecordTable.of(rows, Row.class, "type", "hops", "iterations");
  }

  /** Configures a measurement of margins. Immutable; each method returns a changed one. */
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
    public LogitMargins run() {
      MarginSums sums = new MarginSums(range());
      TrajectoryPass.run(subject(), range().last(), ImmutableList.of(sums));
      return of(subject(), range(), sums);
    }
  }

  static LogitMargins of(Subject subject, IterationRange range, MarginSums sums) {
    return new LogitMargins(
        subject.setup(range.setting()), range.first(), range.last(), sums.rows());
  }

  /**
   * The figures of one type of fact.
   *
   * @param type the type of the facts, such as {@code 5hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of facts
   * @param firstIteration the number of iterations of the first margin and accuracy
   * @param margins the mean over the facts of the answer's logit less the greatest of a wrong
   *     token, by iteration
   * @param accuracies the share of facts, in [0, 1], whose most probable token after an iteration
   *     is the answer, by iteration
   * @param firstHit the first iteration after which the answer is the most probable token: its mean
   *     over the facts of which it ever is, or NaN if there are none
   * @param hitShare the share of facts, in [0, 1], of which the answer ever is the most probable
   *     token
   */
  public record Row(
      String type,
      int hops,
      int facts,
      int firstIteration,
      @JsonProperty("margin") ImmutableDoubleArray margins,
      @JsonProperty("accuracy") ImmutableDoubleArray accuracies,
      double firstHit,
      double hitShare) {
    /**
     * Returns the margin after an iteration.
     *
     * @throws IndexOutOfBoundsException if the iteration is out of range
     */
    public double margin(int iteration) {
      return margins.get(iteration - firstIteration);
    }

    /**
     * Returns the accuracy after an iteration.
     *
     * @throws IndexOutOfBoundsException if the iteration is out of range
     */
    public double accuracy(int iteration) {
      return accuracies.get(iteration - firstIteration);
    }

    /** Returns how the margins and accuracies fall after they were best. */
    @JsonProperty
    public Overthinking overthinking() {
      int peak = indexOfGreatest(margins);
      int best = indexOfGreatest(accuracies);
      int end = margins.length() - 1;
      return new Overthinking(
          firstIteration + peak,
          margins.get(peak),
          decay(margins.subArray(peak, end + 1)),
          firstIteration + best,
          accuracies.get(best) - accuracies.get(end));
    }

    private static int indexOfGreatest(ImmutableDoubleArray values) {
      int best = 0;
      for (int index = 1; index < values.length(); index++) {
        if (values.get(index) > values.get(best)) {
          best = index;
        }
      }
      return best;
    }

    private static double decay(ImmutableDoubleArray values) {
      if (values.length() == 1) {
        return 0;
      }
      double middle = (values.length() - 1) / 2.0;
      double covariance = 0;
      double variance = 0;
      for (int index = 0; index < values.length(); index++) {
        covariance += (index - middle) * values.get(index);
        variance += (index - middle) * (index - middle);
      }
      return -covariance / variance;
    }
  }

  /**
   * How a model that answers a type of facts spoils its answers with more iterations (paper, figure
   * 8).
   *
   * @param peakIteration the least number of iterations at which the mean margin is greatest
   * @param peakMargin the mean margin there, in logits
   * @param decay the mean margin lost with every iteration after the peak, in logits: the slope,
   *     with its sign turned, of the straight line that fits the mean margins from the peak to the
   *     last iteration best (least squares); 0 if the peak is the last
   * @param bestIteration the least number of iterations at which the accuracy is greatest
   * @param accuracyLoss the accuracy there less that after the last iteration, in [0, 1]
   */
  public record Overthinking(
      int peakIteration, double peakMargin, double decay, int bestIteration, double accuracyLoss) {}
}
