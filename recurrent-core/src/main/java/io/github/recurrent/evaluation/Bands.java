package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.immutables.value.Value;

/**
 * Mean and standard deviation of each figure over reports of the same shape, such as sweeps,
 * margins or learning records of several seeds (paper, appendix I). Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Bands implements Report {
  Bands() {}

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
    ImmutableBands.Builder bands =
        ImmutableBands.builder().keys(first.keys()).figures(first.figures());
    for (Report report : reports) {
      ObjectNode json = report.toJson();
      bands.addConfigurations(json.path(Setup.CONFIGURATION));
      bands.addProvenances(json.path(Setup.PROVENANCE));
    }
    for (int row = 0; row < first.rows().size(); row++) {
      ImmutableList.Builder<Optional<Spread>> spreads = ImmutableList.builder();
      for (int figure = 0; figure < first.figures().size(); figure++) {
        spreads.add(spread(tables, row, figure));
      }
      bands.addRows(new Row(first.rows().get(row).keys(), spreads.build()));
    }
    return bands.build();
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

  /** Returns the configuration of each report. */
  public abstract ImmutableList<JsonNode> configurations();

  /** Returns the provenance of each report. */
  public abstract ImmutableList<JsonNode> provenances();

  /** Returns the names of what tells a row. */
  public abstract ImmutableList<String> keys();

  /** Returns the names of the figures. */
  public abstract ImmutableList<String> figures();

  /** Returns the rows, in the order of the reports. */
  public abstract ImmutableList<Row> rows();

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
  public final Bands where(String key, Object value) {
    return where(key, found -> found.toString().equals(value.toString()));
  }

  /**
   * Returns the rows of which a key is one of those wanted, such as {@code "type"} {@code type ->
   * Split.isHeldOut(type.toString())}.
   *
   * @throws IllegalArgumentException if there is no row of that key
   */
  public final Bands where(String key, Predicate<Object> wanted) {
    int column = column(keys(), key);
    return ImmutableBands.builder()
        .from(this)
        .rows(rows().stream().filter(row -> wanted.test(row.keys().get(column))).toList())
        .build();
  }

  /**
   * Returns a key of every row as a number, such as the {@code "iterations"}.
   *
   * @throws IllegalArgumentException if there is no row of that key, or it is a string
   */
  public final double[] numbers(String key) {
    int column = column(keys(), key);
    return rows().stream()
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
  public final double[] means(String figure) {
    return values(figure, Spread::mean);
  }

  /**
   * Returns the standard deviation of a figure in every row, as a sample's; NaN where there is
   * none.
   *
   * @throws IllegalArgumentException if the row has no figure of that name
   */
  public final double[] standardDeviations(String figure) {
    return values(figure, Spread::standardDeviation);
  }

  private double[] values(String figure, ToDoubleFunction<Spread> value) {
    int column = column(figures(), figure);
    return rows().stream()
        .mapToDouble(row -> row.spreads().get(column).map(value::applyAsDouble).orElse(Double.NaN))
        .toArray();
  }

  private static int column(ImmutableList<String> columns, String name) {
    int column = columns.indexOf(name);
    checkArgument(column >= 0, "there is no \"%s\", but %s", name, columns);
    return column;
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static Bands ofJson(JsonNode json) {
    return ReportJson.read(
        "report of bands",
        () -> {
          ImmutableBands.Builder bands = ImmutableBands.builder();
          json.required(Setup.CONFIGURATION).forEach(bands::addConfigurations);
          json.required(Setup.PROVENANCE).forEach(bands::addProvenances);
          json.required("keys").forEach(key -> bands.addKeys(key.asText()));
          json.required("figures").forEach(figure -> bands.addFigures(figure.asText()));
          for (JsonNode row : json.required("rows")) {
            ImmutableList.Builder<Object> keys = ImmutableList.builder();
            for (JsonNode key : row.required("keys")) {
              keys.add(key(key));
            }
            ImmutableList.Builder<Optional<Spread>> spreads = ImmutableList.builder();
            for (JsonNode spread : row.required("spreads")) {
              spreads.add(spread.isNull() ? Optional.empty() : Optional.of(spread(spread)));
            }
            bands.addRows(new Row(keys.build(), spreads.build()));
          }
          return bands.build();
        });
  }

  private static Object key(JsonNode key) {
    if (key.isTextual()) {
      return key.textValue();
    }
    return key.canConvertToInt() ? (Object) key.intValue() : (Object) key.longValue();
  }

  private static Spread spread(JsonNode json) {
    return new Spread(
        ReportJson.integer(json, "count"),
        ReportJson.figure(json, "mean"),
        ReportJson.figure(json, "deviation"),
        ReportJson.figure(json, "min"),
        ReportJson.figure(json, "max"));
  }

  /** Returns all figures as JSON; configuration and provenance are arrays, one for each report. */
  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    configurations().forEach(json.putArray(Setup.CONFIGURATION)::add);
    provenances().forEach(json.putArray(Setup.PROVENANCE)::add);
    keys().forEach(json.putArray("keys")::add);
    figures().forEach(json.putArray("figures")::add);
    ArrayNode all = json.putArray("rows");
    for (Row row : rows()) {
      ObjectNode one = all.addObject();
      ArrayNode keys = one.putArray("keys");
      row.keys().forEach(keys::addPOJO);
      ArrayNode spreads = one.putArray("spreads");
      row.spreads()
          .forEach(
              spread ->
                  spread.ifPresentOrElse(
                      found ->
                          spreads
                              .addObject()
                              .put("count", found.count())
                              .put("mean", found.mean())
                              .put("deviation", found.standardDeviation())
                              .put("min", found.min())
                              .put("max", found.max()),
                      spreads::addNull));
    }
    return json;
  }

  /**
   * Returns the figures as rows: of each, its count, mean, standard deviation, least and greatest.
   */
  @Override
  public final Table table() {
    List<String> columns = new ArrayList<>();
    for (String figure : figures()) {
      for (String part : ImmutableList.of("count", "mean", "deviation", "min", "max")) {
        columns.add(figure + "_" + part);
      }
    }
    Table.Builder table = Table.keys(keys().toArray(String[]::new)).figures(columns);
    for (Row row : rows()) {
      table.row(row.keys(), row.spreads().stream().flatMapToDouble(Bands::parts).toArray());
    }
    return table.build();
  }

  private static DoubleStream parts(Optional<Spread> spread) {
    return spread
        .map(
            found ->
                DoubleStream.of(
                    found.count(),
                    found.mean(),
                    found.standardDeviation(),
                    found.min(),
                    found.max()))
        .orElse(DoubleStream.of(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
  }

  @Value.Check
  void check() {
    for (Row row : rows()) {
      checkArgument(
          row.keys().size() == keys().size() && row.spreads().size() == figures().size(),
          "a row of %s does not fit the columns %s and %s",
          row,
          keys(),
          figures());
    }
  }
}
