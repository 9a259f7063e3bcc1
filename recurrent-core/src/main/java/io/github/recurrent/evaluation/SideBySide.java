package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Map;
import java.util.function.Function;

/**
 * Reports of the same kind on several models, by the models' names. Immutable and thread-safe.
 *
 * @param <R> the kind of report
 */
public final class SideBySide<R extends Report> implements Report {
  private static final String MODELS = "models";

  private final ImmutableMap<String, R> reports;

  private SideBySide(ImmutableMap<String, R> reports) {
    this.reports = reports;
  }

  /**
   * Puts reports side by side, in the order of the map.
   *
   * @throws IllegalArgumentException if there is none, or their figures are not the same kind
   */
  public static <R extends Report> SideBySide<R> of(Map<String, R> reports) {
    checkArgument(!reports.isEmpty(), "there are no reports to put side by side");
    ImmutableMap<String, R> copy = ImmutableMap.copyOf(reports);
    String first = copy.keySet().iterator().next();
    ImmutableList<String> columns = columns(copy.values().iterator().next());
    copy.forEach(
        (model, report) ->
            checkArgument(
                columns(report).equals(columns),
                "reports side by side have the same figures, but \"%s\" has %s and \"%s\" %s",
                first,
                columns,
                model,
                columns(report)));
    return new SideBySide<>(copy);
  }

  private static ImmutableList<String> columns(Report report) {
    Table table = report.table();
    return ImmutableList.<String>builder().addAll(table.keys()).addAll(table.figures()).build();
  }

  /**
   * Evaluates one model after another, such as {@code SideBySide.run(models, model ->
   * DepthSweep.of(model, split).iterations(1, 40).run())}.
   *
   * @throws IllegalArgumentException if there is no model
   */
  public static <R extends Report> SideBySide<R> run(
      Map<String, ? extends Reasoner> models, Function<Reasoner, R> analysis) {
    ImmutableMap.Builder<String, R> reports = ImmutableMap.builder();
    models.forEach((name, model) -> reports.put(name, analysis.apply(model)));
    return of(reports.buildOrThrow());
  }

  /** Returns the reports by model, in their order. */
  public ImmutableMap<String, R> reports() {
    return reports;
  }

  /**
   * Returns the report on a model.
   *
   * @throws IllegalArgumentException if there is none
   */
  public R report(String model) {
    R report = reports.get(model);
    if (report == null) {
      throw new IllegalArgumentException(
          "no report on \"" + model + "\"; there are those on " + reports.keySet());
    }
    return report;
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @param reader reads the report on one model, such as {@code DepthSweep::ofJson}
   * @throws IllegalArgumentException if a figure is missing
   */
  public static <R extends Report> SideBySide<R> ofJson(
      JsonNode json, Function<JsonNode, R> reader) {
    ImmutableMap.Builder<String, R> reports = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> model : json.required(MODELS).properties()) {
      ObjectNode one = JsonNodeFactory.instance.objectNode();
      for (String field : ImmutableList.of(Setup.CONFIGURATION, Setup.PROVENANCE)) {
        JsonNode own = json.path(field).path(model.getKey());
        if (own.isObject()) {
          one.set(field, own);
        }
      }
      one.setAll((ObjectNode) model.getValue());
      reports.put(model.getKey(), reader.apply(one));
    }
    return of(reports.buildOrThrow());
  }

  /** Returns all figures as a JSON object: those of each model below {@code models}, by name. */
  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode configuration = json.putObject(Setup.CONFIGURATION);
    ObjectNode provenance = json.putObject(Setup.PROVENANCE);
    ObjectNode models = json.putObject(MODELS);
    reports.forEach(
        (model, report) -> {
          ObjectNode one = report.toJson();
          configuration.set(model, one.remove(Setup.CONFIGURATION));
          provenance.set(model, one.remove(Setup.PROVENANCE));
          models.set(model, one);
        });
    return json;
  }

  /** Returns all figures as rows; the first key is the {@code model}. */
  @Override
  public Table table() {
    Table first = reports.values().iterator().next().table();
    Table.Builder all =
        Table.keys(
                ImmutableList.<String>builder()
                    .add("model")
                    .addAll(first.keys())
                    .build()
                    .toArray(String[]::new))
            .figures(first.figures());
    reports.forEach(
        (model, report) ->
            report
                .table()
                .rows()
                .forEach(
                    row ->
                        all.row(
                            new Table.Row(
                                ImmutableList.builder().add(model).addAll(row.keys()).build(),
                                row.figures()))));
    return all.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SideBySide<?> that && reports.equals(that.reports);
  }

  @Override
  public int hashCode() {
    return reports.hashCode();
  }

  @Override
  public String toString() {
    return "SideBySide" + reports;
  }
}
