package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
import org.junit.jupiter.params.provider.MethodSource;

class ReportTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  static Stream<Arguments> reports() {
    DepthSweep sweep = Reports.sweep(2, 0, 0.25, 0.7);
    return Stream.of(
        report("sweep", sweep, DepthSweep::ofJson, "rows"),
        report("margins", Reports.margins(), LogitMargins::ofJson, "rows"),
        report("halting", Reports.halting(), HaltingStudy::ofJson, "rules"),
        report("ratio", GeneralizationRatio.of(sweep), GeneralizationRatio::ofJson, "reach"),
        report("curriculum", Reports.curriculum(), CurriculumSteps::ofJson, "stages"),
        report("learning", Reports.learning(0.5), LearningRecord::ofJson, "evaluations"),
        report(
            "matched",
            MatchedDepth.compare()
                .model("R = 4", sweep)
                .model("R, dynamic", sweep)
                .iterations(3, 1)
                .run(),
            MatchedDepth::ofJson,
            "models"),
        report(
            "bands",
            Bands.of(ImmutableList.of(Reports.margins(), Reports.margins())),
            Bands::ofJson,
            "keys"),
        report(
            "side by side",
            SideBySide.of(ImmutableMap.of("R = 4", sweep, "R = 6", Reports.sweep(3, 1, 1, 1))),
            json -> SideBySide.ofJson(json, DepthSweep::ofJson),
            "models"));
  }

  private static <R extends Report> Arguments report(
      String name, R report, Function<JsonNode, R> reader, String field) {
    return arguments(named(name, report), reader, field);
  }

  @ParameterizedTest
  @MethodSource("reports")
  void aReportIsReadBackFromItsJson(Report report, Function<JsonNode, Report> reader, String unused)
      throws IOException {
    JsonNode written = JSON.readTree(report.toJson().toString());

    Report read = reader.apply(written);

    assertThat(read).isEqualTo(report).hasSameHashCodeAs(report);
    assertThat(read.table()).isEqualTo(report.table());
    assertThat(JSON.readTree(read.toJson().toString())).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("reports")
  void aReportHasConfigurationAndProvenance(
      Report report, Function<JsonNode, Report> unused, String field) {
    ObjectNode json = report.toJson();

    assertThat(json.get("configuration").toString())
        .contains("\"sample_seed\":5000000000", "\"width\":768", "recurrent 1");
    assertThat(json.get("provenance").toString()).contains("learnable recursion depth");
    assertThat(report.toCsv())
        .startsWith("# configuration " + json.get("configuration"))
        .contains("\r\n# provenance " + json.get("provenance") + "\r\n");
  }

  @ParameterizedTest
  @MethodSource("reports")
  void csvHasAHeaderAndAllFigures(Report report, Function<JsonNode, Report> unused, String field)
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
  void jsonThatLacksAFigureIsRefused(
      Report report, Function<JsonNode, Report> reader, String field) {
    ObjectNode json = report.toJson();
    json.remove(field);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.apply(json))
        .withMessageContaining(field);
  }

  @Test
  void jsonWithTheWrongNumberOfFiguresIsRefused() throws IOException {
    JsonNode json = JSON.readTree(Reports.margins().toJson().put("last_iteration", 4).toString());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogitMargins.ofJson(json))
        .withMessageContaining("4 figures of \"margin\"")
        .withMessageContaining("3");
  }

  @Test
  void jsonWithoutAConfigurationIsReadToo() {
    ObjectNode json = Reports.sweep(2, 0, 0, 0).toJson();
    json.remove(ImmutableList.of("configuration", "provenance"));

    Setup setup = DepthSweep.ofJson(json).setup();

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

    assertThat(DepthSweep.ofJson(JSON.readTree(json.toFile()))).isEqualTo(sweep);
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
