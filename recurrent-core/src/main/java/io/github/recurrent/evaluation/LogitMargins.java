package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.reasoning.Reasoner;
import org.immutables.value.Value;

/**
 * How confident a model is of the right answer after every iteration, by type of fact (paper,
 * figure 8): the mean <em>logit margin</em>, which is the answer's logit less the greatest other,
 * and the mean <em>first hit</em>, the first iteration after which the answer is the most probable
 * token. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class LogitMargins implements Report {
  LogitMargins() {}

  /**
   * Begins to measure margins on the facts of a split; 1 to 16 iterations unless said otherwise.
   * The first hit is the first in their range.
   */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(Subject.of(reasoner, split), IterationRange.DEFAULT);
  }

  /** Returns what was measured and how. */
  public abstract Setup setup();

  /** Returns the least number of iterations. */
  public abstract int firstIteration();

  /** Returns the greatest number of iterations. */
  public abstract int lastIteration();

  /** Returns the figures of each type of fact, in the order of the split. */
  public abstract ImmutableList<Row> rows();

  /**
   * Returns the figures of a type of fact.
   *
   * @throws IllegalArgumentException if there are none
   */
  public final Row row(String type) {
    return rows().stream()
        .filter(row -> row.type().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no facts of type \""
                        + type
                        + "\"; there are those of "
                        + rows().stream().map(Row::type).toList()));
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static LogitMargins ofJson(JsonNode json) {
    return ReportJson.read(
        "report of margins",
        () -> {
          int first = ReportJson.integer(json, "first_iteration");
          int last = ReportJson.integer(json, "last_iteration");
          ImmutableLogitMargins.Builder margins =
              ImmutableLogitMargins.builder()
                  .setup(Setup.of(json))
                  .firstIteration(first)
                  .lastIteration(last);
          for (JsonNode row : json.required("rows")) {
            margins.addRows(
                new Row(
                    ReportJson.text(row, "type"),
                    ReportJson.integer(row, "hops"),
                    ReportJson.integer(row, "facts"),
                    first,
                    ReportJson.figures(row, "margin", last - first + 1),
                    ReportJson.figures(row, "accuracy", last - first + 1),
                    ReportJson.figure(row, "first_hit"),
                    ReportJson.figure(row, "hit_share")));
          }
          return margins.build();
        });
  }

  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    setup().addTo(json);
    json.put("first_iteration", firstIteration()).put("last_iteration", lastIteration());
    ArrayNode all = json.putArray("rows");
    for (Row row : rows()) {
      ObjectNode one = all.addObject();
      one.put("type", row.type()).put("hops", row.hops()).put("facts", row.facts());
      ReportJson.put(one, "margin", row.margins);
      ReportJson.put(one, "accuracy", row.accuracies);
      ReportJson.put(one, "first_hit", row.firstHit());
      ReportJson.put(one, "hit_share", row.hitShare());
      Overthinking overthinking = row.overthinking();
      one.putObject("overthinking")
          .put("peak_iteration", overthinking.peakIteration())
          .put("peak_margin", overthinking.peakMargin())
          .put("decay", overthinking.decay())
          .put("best_iteration", overthinking.bestIteration())
          .put("accuracy_loss", overthinking.accuracyLoss());
    }
    return json;
  }

  /**
   * Returns the figures as rows, one for each type of facts and number of iterations; from {@code
   * first_hit} on they are those of the type, the same in all its rows.
   */
  @Override
  public final Table table() {
    Table.Builder table =
        Table.keys("type", "hops", "iterations")
            .figures(
                "facts",
                "margin",
                "accuracy",
                "first_hit",
                "hit_share",
                "peak_iteration",
                "peak_margin",
                "decay",
                "best_iteration",
                "accuracy_loss");
    for (Row row : rows()) {
      Overthinking overthinking = row.overthinking();
      for (int iteration = firstIteration(); iteration <= lastIteration(); iteration++) {
        table.row(
            ImmutableList.of(row.type(), row.hops(), iteration),
            row.facts(),
            row.margin(iteration),
            row.accuracy(iteration),
            row.firstHit(),
            row.hitShare(),
            overthinking.peakIteration(),
            overthinking.peakMargin(),
            overthinking.decay(),
            overthinking.bestIteration(),
            overthinking.accuracyLoss());
      }
    }
    return table.build();
  }

  /** Margins that still have to be measured. */
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
    return ImmutableLogitMargins.builder()
        .setup(subject.setup(range.setting()))
        .firstIteration(range.first())
        .lastIteration(range.last())
        .rows(sums.rows())
        .build();
  }

  /** The figures of one type of fact. Immutable and thread-safe. */
  public static final class Row {
    private final String type;
    private final int hops;
    private final int facts;
    private final int first;
    private final ImmutableDoubleArray margins;
    private final ImmutableDoubleArray accuracies;
    private final double firstHit;
    private final double hitShare;

    Row(
        String type,
        int hops,
        int facts,
        int first,
        ImmutableDoubleArray margins,
        ImmutableDoubleArray accuracies,
        double firstHit,
        double hitShare) {
      this.type = type;
      this.hops = hops;
      this.facts = facts;
      this.first = first;
      this.margins = margins;
      this.accuracies = accuracies;
      this.firstHit = firstHit;
      this.hitShare = hitShare;
    }

    /** Returns the type of the facts, such as {@code 5hop_test}. */
    public String type() {
      return type;
    }

    /** Returns the number of hops of the facts. */
    public int hops() {
      return hops;
    }

    /** Returns the number of facts. */
    public int facts() {
      return facts;
    }

    /**
     * Returns the mean over the facts of the answer's logit less the greatest other logit.
     *
     * @throws IndexOutOfBoundsException if the iteration is out of range
     */
    public double margin(int iteration) {
      return margins.get(iteration - first);
    }

    /**
     * Returns the share of facts, in [0, 1], whose most probable token after an iteration is the
     * answer.
     *
     * @throws IndexOutOfBoundsException if the iteration is out of range
     */
    public double accuracy(int iteration) {
      return accuracies.get(iteration - first);
    }

    /**
     * Returns the first iteration after which the answer is the most probable token: its mean over
     * the facts of which it ever is, or NaN if there are none.
     */
    public double firstHit() {
      return firstHit;
    }

    /**
     * Returns the share of facts, in [0, 1], of which the answer ever is the most probable token.
     */
    public double hitShare() {
      return hitShare;
    }

    /** Returns how the margins and accuracies fall after they were best. */
    public Overthinking overthinking() {
      int peak = indexOfGreatest(margins);
      int best = indexOfGreatest(accuracies);
      int end = margins.length() - 1;
      return new Overthinking(
          first + peak,
          margins.get(peak),
          decay(margins.subArray(peak, end + 1)),
          first + best,
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

    @Override
    public boolean equals(Object other) {
      return other instanceof Row that
          && type.equals(that.type)
          && hops == that.hops
          && facts == that.facts
          && first == that.first
          && margins.equals(that.margins)
          && accuracies.equals(that.accuracies)
          && Double.compare(firstHit, that.firstHit) == 0
          && Double.compare(hitShare, that.hitShare) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + margins.hashCode();
    }

    @Override
    public String toString() {
      return type + margins;
    }
  }

  @Value.Check
  void check() {
    checkArgument(
        rows().stream().map(Row::type).distinct().count() == rows().size(),
        "types must differ, but are %s",
        rows());
  }
}
