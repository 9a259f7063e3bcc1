package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.reasoning.Reasoner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * Reports of the same kind on several models. Immutable and thread-safe.
 *
 * @param <R> the kind of report
 * @param reports the reports by the models' names, in their order
 */
public record SideBySide<R extends Report>(@JsonProperty("models") ImmutableMap<String, R> reports)
    implements Report {
  /**
   * Puts reports side by side.
   *
   * @throws IllegalArgumentException if there is none, or their figures are not the same kind
   */
  public SideBySide {
    checkArgument(!reports.isEmpty(), "there are no reports to put side by side");
    String first = reports.keySet().iterator().next();
    ImmutableList<String> columns = columns(reports.values().iterator().next());
    reports.forEach(
        (model, report) ->
            checkArgument(
                columns(report).equals(columns),
                "reports side by side have the same figures, but \"%s\" has %s and \"%s\" %s",
                first,
                columns,
                model,
                columns(report)));
  }

  /**
   * Puts reports side by side, in the order of the map.
   *
   * @throws IllegalArgumentException if there is none, or their figures are not the same kind
   */
  public static <R extends Report> SideBySide<R> of(Map<String, R> reports) {
    return new SideBySide<>(ImmutableMap.copyOf(reports));
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

  /**
   * Reads reports of a kind from a .json file, such as {@code SideBySide.read(file,
   * DepthSweep.class)}.
   *
   * @throws IllegalArgumentException if the file is not valid JSON, or a field of a report is
   *     missing or bad
   * @throws IOException if the file cannot be read
   */
  public static <R extends Report> SideBySide<R> read(Path file, Class<R> kind) throws IOException {
    return ReportFile.read(file, Binding.Kind.sideBySide(kind));
  }

  /**
   * Returns the reports of a kind that a JSON object holds.
   *
   * @throws IllegalArgumentException if the string is not valid JSON, or a field of a report is
   *     missing or bad
   */
  public static <R extends Report> SideBySide<R> ofJson(String json, Class<R> kind) {
    return ReportFile.ofJson(json, Binding.Kind.sideBySide(kind));
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
}
