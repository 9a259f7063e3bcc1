package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.math.Stats;
import io.github.recurrent.evaluation.Report.Table;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Mean and standard deviation of each figure over reports of the same shape, such as sweeps,
 * margins or learning records of several seeds (paper, appendix I). Immutable and thread-safe.
 *
 * @param configurations the configuration of each report, as a JSON object
 * @param provenances the provenance of each report, as a JSON object
 * @param keys the names of what tells a row
 * @param figures the names of the figures
 * @param rows the rows, in the order of the reports
 */
public record Bands(
    @JsonProperty(ReportJson.CONFIGURATION) ImmutableList<String> configurations,
    @JsonProperty(ReportJson.PROVENANCE) ImmutableList<String> provenances,
    ImmutableList<String> keys,
    ImmutableList<String> figures,
    ImmutableList<Row> rows)
    implements Report {
  private static final Spread NOTHING =
      new Spread(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /**
   * Checks the rows.
   *
   * @throws IllegalArgumentException if one does not have as many keys and figures as there are
   *     names
   */
  public Bands {
    for (Row row : rows) {
      checkArgument(
          row.keys().size() == keys.size() && row.spreads().size() == figures.size(),
          "a row of %s does not fit the columns %s and %s",
          row,
          keys,
          figures);
    }
  }

  /**
   * Returns the bands of reports; of figures that do not exist in some, over the others.
   *
   * @throws IllegalArgumentException if there are none, or their rows and columns are not the same
   */
  public static Bands of(Collection<? extends Report> reports) {
    checkArgument(!reports.isEmpty(), "there are no reports to take the mean of");
    List<Table> tables = reports.stream().map(Report::table).toList();
    Table first = tables.get(0);
    for (int index = 1; index < tables.size(); index++) {
      checkSame(first, tables.get(index), index + 1);
    }
    ImmutableList.Builder<String> configurations = ImmutableList.builder();
    ImmutableList.Builder<String> provenances = ImmutableList.builder();
    for (Report report : reports) {
      ObjectNode json = ReportJson.write(report);
      configurations.add(json.path(ReportJson.CONFIGURATION).toString());
      provenances.add(json.path(ReportJson.PROVENANCE).toString());
    }
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (int row = 0; row < first.rows().size(); row++) {
      ImmutableList.Builder<Optional<Spread>> spreads = ImmutableList.builder();
      for (int figure = 0; figure < first.figures().size(); figure++) {
        spreads.add(spread(tables, row, figure));
      }
      rows.add(new Row(first.rows().get(row).keys(), spreads.build()));
    }
    return new Bands(
        configurations.build(), provenances.build(), first.keys(), first.figures(), rows.build());
  }

  private static void checkSame(Table first, Table other, int number) {
    checkArgument(
        first.keys().equals(other.keys()) && first.figures().equals(other.figures()),
        "reports must have the same columns, but report %s has %s and %s, and the first %s and %s",
        number,
        other.keys(),
        other.figures(),
        first.keys(),
        first.figures());
    for (int row = 0; row < Math.max(first.rows().size(), other.rows().size()); row++) {
      Object expected = row < first.rows().size() ? first.rows().get(row).keys() : "none";
      Object found = row < other.rows().size() ? other.rows().get(row).keys() : "none";
      checkArgument(
          expected.equals(found),
          "reports must have the same rows, but row %s of report %s is %s, and of the first %s",
          row + 1,
          number,
          found,
          expected);
    }
  }

  private static Optional<Spread> spread(List<Table> tables, int row, int figure) {
    double[] values =
        tables.stream()
            .mapToDouble(table -> table.rows().get(row).figures().get(figure))
            .filter(value -> !Double.isNaN(value))
            .toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
  }

  /**
   * A row.
   *
   * @param keys what tells it, in the order of {@link Bands#keys()}
   * @param spreads how each figure lies, in the order of {@link Bands#figures()}; nothing where it
   *     exists in no report
   */
  public record Row(ImmutableList<Object> keys, ImmutableList<Optional<Spread>> spreads) {}

  /**
   * Returns the rows of which a key is a value, such as those of {@code "type"} {@code
   * "5hop_test"}.
   *
   * @throws IllegalArgumentException if there is no row of that key
   */
  public Bands where(String key, Object value) {
    return where(key, found -> found.toString().equals(value.toString()));
  }

  /**
   * Returns the rows of which a key is one of those wanted, such as {@code "type"} {@code type ->
   * Split.isHeldOut(type.toString())}.
   *
   * @throws IllegalArgumentException if there is no row of that key
   */
  public Bands where(String key, Predicate<Object> wanted) {
    int column = column(keys, key);
    return new Bands(
        configurations,
        provenances,
        keys,
        figures,
        rows.stream()
            .filter(row -> wanted.test(row.keys().get(column)))
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns a key of every row as a number, such as the {@code "iterations"}.
   *
   * @throws IllegalArgumentException if there is no row of that key, or it is a string
   */
  public double[] numbers(String key) {
    int column = column(keys, key);
    return rows.stream()
        .mapToDouble(
            row -> {
              Object value = row.keys().get(column);
              if (value instanceof Number number) {
                return number.doubleValue();
              }
              throw new IllegalArgumentException(
                  "\"" + key + "\" must be a number, but is \"" + value + "\"");
            })
        .toArray();
  }

  /**
   * Returns the mean of a figure in every row; NaN where there is none.
   *
   * @throws IllegalArgumentException if the row has no figure of that name
   */
  public double[] means(String figure) {
    return values(figure, Spread::mean);
  }

  /**
   * Returns the standard deviation of a figure in every row, as a sample's; NaN where there is
   * none.
   *
   * @throws IllegalArgumentException if the row has no figure of that name
   */
  public double[] standardDeviations(String figure) {
    return values(figure, Spread::standardDeviation);
  }

  private double[] values(String figure, ToDoubleFunction<Spread> value) {
    int column = column(figures, figure);
    return rows.stream()
        .mapToDouble(row -> row.spreads().get(column).map(value::applyAsDouble).orElse(Double.NaN))
        .toArray();
  }

  private static int column(ImmutableList<String> columns, String name) {
    int column = columns.indexOf(name);
    checkArgument(column >= 0, "there is no \"%s\", only %s", name, columns);
    return column;
  }

  /**
   * Returns the figures as rows: of each, its count, mean, standard deviation, least and greatest.
   */
  @Override
  public Table table() {
    ImmutableList<String> parts = RecordTable.columns(Spread.class);
    Table.Builder table =
        Table.keys(keys.toArray(String[]::new))
            .figures(
                figures.stream()
                    .flatMap(figure -> parts.stream().map(part -> figure + "_" + part))
                    .toList());
    for (Row row : rows) {
      table.row(
          row.keys(),
          row.spreads().stream()
              .flatMapToDouble(spread -> RecordTable.figures(spread.orElse(NOTHING), parts))
              .toArray());
    }
    return table.build();
  }

  /**
   * How values of several runs lie, such as accuracies of several seeds.
   *
   * @param count the number of values
   * @param mean their mean
   * @param standardDeviation their standard deviation as a sample, with {@code count - 1}; 0 for
   *     one value
   * @param min the least
   * @param max the greatest
   */
  public record Spread(
      int count,
      double mean,
      @JsonProperty("deviation") double standardDeviation,
      double min,
      double max) {
    /**
     * Returns the spread of values.
     *
     * @throws IllegalArgumentException if there are none, or one is not finite
     */
    public static Spread of(double... values) {
      checkArgument(values.length > 0, "no values to take the mean of");
      checkArgument(
          Arrays.stream(values).allMatch(Double::isFinite),
          "values must be finite, but are %s",
          Arrays.toString(values));
      Stats stats = Stats.of(values);
      return new Spread(
          values.length,
          stats.mean(),
          values.length == 1 ? 0 : stats.sampleStandardDeviation(),
          stats.min(),
          stats.max());
    }

    /** Returns mean and standard deviation with two decimals, such as {@code 0.86 ± 0.04}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f ± %.2f", mean, standardDeviation);
    }
  }
}
