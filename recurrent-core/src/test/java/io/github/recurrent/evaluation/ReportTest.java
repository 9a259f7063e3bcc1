package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
  @TempDir Path folder;

  static Stream<Arguments> reports() {
    DepthSweep sweep = Reports.sweep(2, 0, 0.25, 0.7);
    return Stream.of(
        report("sweep", sweep, reader(DepthSweep.class), "rows"),
        report("margins", Reports.margins(), reader(LogitMargins.class), "rows"),
        report("halting", Reports.halting(), reader(HaltingStudy.class), "rules"),
        report("ratio", GeneralizationRatio.of(sweep), reader(GeneralizationRatio.class), "reach"),
        report("ranking", Reports.ranking(), reader(Ranking.class), "rows"),
        report("generalization", Reports.generalization(), reader(Generalization.class), "rows"),
        report("curriculum", Reports.curriculum(), reader(CurriculumSteps.class), "stages"),
        report("learning", Reports.learning(0.5), reader(LearningRecord.class), "evaluations"),
        report(
            "matched",
            MatchedDepth.compare()
                .model("R = 4", sweep)
                .model("R, dynamic", sweep)
                .iterations(3, 1)
                .run(),
            reader(MatchedDepth.class),
            "models"),
        report("lens", Reports.lens(), reader(LogitLens.class), "effective_layers"),
        report("patching", Reports.patching(), reader(ActivationPatching.class), "rows"),
        report("shortcut", Reports.shortcut(), reader(ShortcutStudy.class), "rows"),
        report(
            "bands",
            Bands.of(ImmutableList.of(Reports.margins(), Reports.margins())),
            reader(Bands.class),
            "keys"),
        report(
            "side by side",
            SideBySide.of(ImmutableMap.of("R = 4", sweep, "R = 6", Reports.sweep(3, 1, 1, 1))),
            json -> SideBySide.ofJson(json, DepthSweep.class),
            "models"),
        report(
            "bands side by side",
            SideBySide.of(ImmutableMap.of("R = 4", Bands.of(ImmutableList.of(sweep)))),
            json -> SideBySide.ofJson(json, Bands.class),
            "models"));
  }

  private static <R extends Report> Arguments report(
      String name, R report, Function<String, R> reader, String field) {
    return arguments(named(name, report), reader, field);
  }

  private static <R extends Report> Function<String, R> reader(Class<R> kind) {
    return json -> Report.ofJson(json, kind);
  }

  @ParameterizedTest
  @MethodSource("reports")
  void aReportIsReadBackFromItsJson(Report report, Function<String, Report> reader, String unused) {
    Report read = reader.apply(report.toJson());

    assertThat(read).isEqualTo(report).hasSameHashCodeAs(report);
    assertThat(read.table()).isEqualTo(report.table());
    assertThat(read.toJson()).isEqualTo(report.toJson());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void aReportHasConfigurationAndProvenance(
      Report report, Function<String, Report> unused, String field) {
    ObjectNode json = Reports.json(report);

    assertThat(json.get("configuration").toString())
        .contains("\"sample_seed\":5000000000", "\"width\":768", "recurrent 1");
    assertThat(json.get("provenance").toString()).contains("learnable recursion depth");
    assertThat(report.toCsv())
        .startsWith("# configuration " + json.get("configuration"))
        .contains("\r\n# provenance " + json.get("provenance") + "\r\n");
  }

  @ParameterizedTest
  @MethodSource("reports")
  void csvHasAHeaderAndAllFigures(Report report, Function<String, Report> unused, String field)
      throws IOException {
    Table table = report.table();
    List<String> header = new ArrayList<>(table.keys());
    header.addAll(table.figures());

    List<CSVRecord> records = parse(report.toCsv());

    assertThat(records.get(0).toList()).isEqualTo(header);
    assertThat(records).hasSize(1 + table.rows().size()).hasSizeGreaterThan(1);
    for (int row = 0; row < table.rows().size(); row++) {
      List<String> cells = records.get(row + 1).toList();
      int keys = table.keys().size();
      assertThat(cells.subList(0, keys))
          .isEqualTo(table.rows().get(row).keys().stream().map(Object::toString).toList());
      assertThat(
              cells.subList(keys, cells.size()).stream()
                  .map(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell)))
          .isEqualTo(table.rows().get(row).figures().asList());
    }
  }

  private static List<CSVRecord> parse(String csv) throws IOException {
    return CSVFormat.RFC4180
        .builder()
        .setCommentMarker('#')
        .get()
        .parse(new StringReader(csv))
        .getRecords();
  }

  @ParameterizedTest
  @MethodSource("reports")
  void jsonThatLacksAFigureIsRefused(Report report, Function<String, Report> reader, String field) {
    ObjectNode json = Reports.json(report);
    json.remove(field);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.apply(json.toString()))
        .withMessageContaining(
            "is not a valid " + report.getClass().getSimpleName() + " report: " + field)
        .withMessageContaining(" is missing; it must be a");
  }

  @Test
  void jsonWithTheWrongNumberOfFiguresIsRefused() {
    String json = Reports.json(Reports.margins()).put("last_iteration", 4).toString();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Report.ofJson(json, LogitMargins.class))
        .withMessageContaining("4 figures of \"margin\"")
        .withMessageContaining("3");
  }

  /** What is wrong with a report's JSON, and what the message says of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"first_hit\" : 2.0 | \"first_hits\" : 2.0"
            + " | rows[0].first_hit is missing; it must be a number, or null where there is none",
        "\"hops\" : 3 | \"hops\" : 3.5 | rows[1].hops must be a 32-bit integer, but is 3.5",
        "\"hops\" : 3 | \"hops\" : 3000000000"
            + " | rows[1].hops must be a 32-bit integer, but is 3000000000",
        "\"hops\" : 3 | \"hops\" : null | rows[1].hops must be a 32-bit integer, but is null",
        "\"type\" : \"3hop_test\" | \"type\" : 3 | rows[1].type must be a string, but is 3",
        "\"type\" : \"3hop_test\" | \"type\" : \"2hop_test\" | types must differ",
        "\"hit_share\" : 0.0 | \"hit_share\" : \"0\""
            + " | rows[1].hit_share must be a number, or null where there is none, but is \"0\"",
        "[ -2.0, -1.0 | [ -2.0, true"
            + " | rows[1].margin must be an array of numbers, with null where there is none, but is"
            + " [-2.0,true,-0.5]",
        "\"width\" : 768 | \"width\" : -1 | configuration.model: width must be at least 1, but is -1",
        "\"data\" : \"20 facts of 2 types\" | \"data\" : 20"
            + " | configuration.data must be a string, but is 20",
        "\"learnable recursion depth\" : \"2\" | \"learnable recursion depth\" : 2"
            + " | provenance.learnable recursion depth must be a string, but is 2",
        "\"first_iteration\" : 1 | \"first_iteration\" : 4 | must be a range from at least 1, but",
        "\"rows\" : [ | \"rows\" : [ 5, | rows[0] must be an object, but is 5",
        "\"rows\" : [ | \"rows\" : [ null, | rows: the value at index 0 must not be null",
        "\"rows\" : [ | \"rows\" : {}, \"more\" : [ | rows must be an array, but is {}",
        "\"rows\" : [ | \"rows\" : null, \"more\" : [ | rows must be an array, but is null",
      })
  void aBadFieldIsNamedWithWhatItIsAndMustBe(String good, String bad, String problem) {
    String json = Reports.margins().toJson();
    assertThat(json).contains(good);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Report.ofJson(json.replace(good, bad), LogitMargins.class))
        .withMessageStartingWith("this JSON is not a valid LogitMargins report: ")
        .withMessageContaining(problem);
  }

  @Test
  void aFieldOfOneOfSeveralModelsIsNamed() {
    String json =
        SideBySide.of(ImmutableMap.of("a", Reports.margins(), "b", Reports.margins())).toJson();
    int last = json.lastIndexOf("\"hit_share\"");
    String bad = json.substring(0, last) + json.substring(last).replace("hit_share", "hits");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SideBySide.ofJson(bad, LogitMargins.class))
        .withMessageStartingWith(
            "this JSON is not a valid SideBySide report: models.b.rows[1].hit_share is missing;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1, 2]", "nonsense", "{\"rows\": [], \"rows\": []}", "{} {}"})
  void whatIsNotTheJsonOfAReportIsRefused(String text) throws IOException {
    Path file = folder.resolve("sweep.json");
    Files.writeString(file, text);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Report.ofJson(text, DepthSweep.class))
        .withMessageContaining("JSON");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Report.read(file, DepthSweep.class))
        .withMessageContaining("sweep.json");
  }

  private record Own(ImmutableList<Integer> rows, double models) implements Report {
    @Override
    public Table table() {
      return Table.keys("row").figures("models").row(rows, models).build();
    }
  }

  @Test
  void aRecordOfAUserIsAReportToo() {
    Own own = new Own(ImmutableList.of(3), Double.NaN);

    assertThat(own.toJson()).contains("\"rows\" : [ 3 ],", "\"models\" : null");
    assertThat(Report.ofJson(own.toJson(), Own.class)).isEqualTo(own);
    assertThat(SideBySide.of(ImmutableMap.of("a", own)).toJson()).contains("\"a\" : {");
  }

  @Test
  void fieldsThatAReportDoesNotHaveAreLeftOut() {
    DepthSweep sweep = Reports.sweep(2, 0, 0.25, 0.7);

    String json = sweep.toJson().replace("\"hops\" :", "\"more\" : [ { } ], \"hops\" :");

    assertThat(Report.ofJson(json, DepthSweep.class)).isEqualTo(sweep);
  }

  @Test
  void jsonWithoutAConfigurationIsReadToo() {
    ObjectNode json = Reports.json(Reports.sweep(2, 0, 0, 0));
    json.remove(ImmutableList.of("configuration", "provenance"));

    Setup setup = Report.ofJson(json.toString(), DepthSweep.class).setup();

    assertThat(setup.model()).isEmpty();
    assertThat(setup.provenance()).isEmpty();
  }

  @Test
  void aReportIsWrittenAsJsonAndCsv() throws IOException {
    DepthSweep sweep = Reports.sweep(2, 0, 0.25, 0.7);
    Path json = folder.resolve("sweep.json");
    Path csv = folder.resolve("sweep.csv");
    Files.writeString(json, "older");

    sweep.write(json);
    sweep.write(csv);

    assertThat(Report.read(json, DepthSweep.class)).isEqualTo(sweep);
    assertThat(Files.readString(json)).isEqualTo(sweep.toJson());
    assertThat(Files.readString(csv, StandardCharsets.UTF_8)).isEqualTo(sweep.toCsv());
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("sweep.json", "sweep.csv");
  }

  @Test
  void anotherSuffixIsRefusedAndNothingLeftBehind() {
    Path file = folder.resolve("sweep.xls");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reports.sweep(2, 0, 0, 0).write(file))
        .withMessageContaining(".json or a .csv")
        .withMessageContaining("sweep.xls");
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void aTableHasOneRowForItsKeys() {
    Table.Builder table = Table.keys("type").figures("accuracy");
    table.row(ImmutableList.of("2hop_test"), 0.5);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.row(ImmutableList.of("2hop_test"), 0.6))
        .withMessageContaining("2hop_test");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.row(ImmutableList.of("3hop_test"), 0.6, 0.7))
        .withMessageContaining("accuracy");
  }

  @Test
  void modelsSideBySideAreColumnsOfOneTable() {
    DepthSweep four = Reports.sweep(2, 0, 0.25, 0.7);
    SideBySide<DepthSweep> both =
        SideBySide.of(ImmutableMap.of("R = 4", four, "R = 6", Reports.sweep(3, 1, 1, 1)));

    assertThat(both.report("R = 4")).isEqualTo(four);
    assertThat(both.table().keys()).containsExactly("model", "type", "hops", "iterations");
    assertThat(both.table().rows()).hasSize(12);
    assertThat(both.table().rows().get(11).keys()).containsExactly("R = 6", "3hop_test", 3, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> both.report("R = 8"))
        .withMessageContaining("R = 8")
        .withMessageContaining("R = 6");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SideBySide.of(ImmutableMap.<String, Report>of("a", four, "b", Reports.margins())))
        .withMessageContaining("margin");
    assertThatThrownBy(() -> SideBySide.of(ImmutableMap.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no reports");
  }
}
