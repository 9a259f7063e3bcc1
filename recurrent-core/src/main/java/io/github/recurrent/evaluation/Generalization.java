package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Whether a model generalizes or has memorized its training facts. It compares the accuracy on each
 * type of held-out facts with the accuracy on trained facts with the same number of hops. Each is
 * taken at the number of iterations at which it is best. Immutable and thread-safe.
 *
 * @param setup what was swept and how
 * @param rows the figures of each type of held-out facts, in the order of the sweep
 */
public record Generalization(Setup setup, ImmutableList<Row> rows) implements Report {
  private static final double LEARNED = GeneralizationRatio.ACCURACY;
  private static final double NEARLY_ALL = 0.9;
  private static final double HALF = 0.5;

  /**
   * Judges a model by a sweep over facts of which some were trained on ({@link Split#isHeldOut}).
   *
   * @throws IllegalArgumentException if the sweep has no held-out facts
   */
  public static Generalization of(DepthSweep sweep) {
    ImmutableList<Row> rows =
        sweep.rows().stream()
            .filter(row -> Split.isHeldOut(row.type()))
            .map(
                row ->
                    new Row(
                        row.type(),
                        row.hops(),
                        row.facts(),
                        row.bestAccuracy(),
                        trained(sweep, row.hops())))
            .collect(toImmutableList());
    checkArgument(
        !rows.isEmpty(),
        "the sweep has no held-out facts, only %s",
        sweep.rows().stream().map(DepthSweep.Row::type).toList());
    return new Generalization(sweep.setup(), rows);
  }

  /** Returns the accuracy on all trained facts of a number of hops; NaN if there are none. */
  private static double trained(DepthSweep sweep, int hops) {
    List<DepthSweep.Row> rows =
        sweep.rows().stream()
            .filter(row -> row.hops() == hops && !Split.isHeldOut(row.type()))
            .toList();
    return rows.stream().mapToDouble(row -> row.bestAccuracy() * row.facts()).sum()
        / rows.stream().mapToInt(DepthSweep.Row::facts).sum();
  }

  /**
   * Returns the figures of a type of held-out facts.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Row row(String type) {
    return OfType.find(rows, Row::type, type);
  }

  /** Returns the figures as rows, one for each type of held-out facts. */
  @Override
  public Table table() {
    return RecordTable.of(rows, Row.class, "type", "hops", "verdict");
  }

  /** Returns a plain sentence for each type of held-out facts, one a line. */
  @Override
  public String toString() {
    return rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
  }

  /** What a model has made of facts. */
  public enum Verdict {
    /** It answers held-out facts at least nine tenths as often as trained ones. */
    GENERALIZES("generalizes"),
    /** It answers held-out facts more than half, but not nine tenths, as often as trained ones. */
    GENERALIZES_IN_PART("generalizes in part"),
    /** It answers held-out facts at most half as often as trained ones. */
    MEMORIZES("memorizes"),
    /** It answers less than six tenths of the trained facts. */
    NOT_LEARNED("has not learned its training facts"),
    /** There are no trained facts of as many hops to compare with. */
    UNKNOWN("no trained facts to compare with");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }
  }

  /**
   * The figures of one type of held-out facts.
   *
   * @param type the type, such as {@code 2hop_test}
   * @param hops the number of hops of the facts
   * @param facts the number of held-out facts
   * @param heldOutAccuracy the share of held-out facts, in [0, 1], that are answered right
   * @param trainedAccuracy the share of trained facts of as many hops; NaN if there are none
   */
  public record Row(
      String type, int hops, int facts, double heldOutAccuracy, double trainedAccuracy) {
    /** Returns what the model has made of the facts. */
    @JsonProperty
    public Verdict verdict() {
      if (Double.isNaN(trainedAccuracy)) {
        return Verdict.UNKNOWN;
      }
      if (trainedAccuracy < LEARNED) {
        return Verdict.NOT_LEARNED;
      }
      if (heldOutAccuracy >= NEARLY_ALL * trainedAccuracy) {
        return Verdict.GENERALIZES;
      }
      return heldOutAccuracy > HALF * trainedAccuracy
          ? Verdict.GENERALIZES_IN_PART
          : Verdict.MEMORIZES;
    }

    /**
     * Returns a plain sentence, such as {@code 2hop_test, 2 hops: generalizes (0.98 of held-out
     * facts, 0.99 of trained ones)}.
     */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s, %d hop%s: %s (%.2f of held-out facts%s)",
          type,
          hops,
          hops == 1 ? "" : "s",
          verdict().words,
          heldOutAccuracy,
          Double.isNaN(trainedAccuracy)
              ? ""
              : String.format(Locale.ROOT, ", %.2f of trained ones", trainedAccuracy));
    }
  }
}
