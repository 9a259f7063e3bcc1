package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Result files of programs are read by others: what a report writes stays the same. */
class WrittenReportsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/reports");

  @TempDir Path folder;

  static Stream<Arguments> reports() {
    DepthSweep sweep = Reports.sweep(2, 0, 0.25, 0.7);
    Bands bands =
        Bands.of(ImmutableList.of(Reports.margins(), Reports.margins())).where("iterations", 2);
    MatchedDepth matched =
        MatchedDepth.compare()
            .model("R = 4", sweep)
            .model("R, \"dynamic\"", Reports.sweep(2, 0, 0, 0.5))
            .iterations(3, 1)
            .run();
    return Stream.of(
        arguments("depth-sweep", sweep),
        arguments("logit-margins", Reports.margins()),
        arguments("halting-study", Reports.halting()),
        arguments("generalization-ratio", GeneralizationRatio.of(sweep)),
        arguments("ranking", Reports.ranking()),
        arguments("generalization", Reports.generalization()),
        arguments("curriculum-steps", Reports.curriculum()),
        arguments("learning-record", Reports.learning(0.5)),
        arguments("logit-lens", Reports.lens()),
        arguments("activation-patching", Reports.patching()),
        arguments("shortcut-study", Reports.shortcut()),
        arguments("matched-depth", matched),
        arguments("bands", bands),
        arguments("bands-of-matched-depth", Bands.of(ImmutableList.of(matched, matched))),
        arguments("without-a-setup", Reports.sweep(Setup.unknown())),
        arguments(
            "sweeps-side-by-side",
            SideBySide.of(ImmutableMap.of("R = 4", sweep, "R = 6", Reports.sweep(3, 1, 1, 1)))),
        arguments("bands-side-by-side", SideBySide.of(ImmutableMap.of("R = 4", bands))),
        arguments("matched-side-by-side", SideBySide.of(ImmutableMap.of("4 hops", matched))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reports")
  void aReportIsWrittenAsItAlwaysWas(String name, Report report) throws IOException {
    for (String file : ImmutableList.of(name + ".json", name + ".csv")) {
      report.write(folder.resolve(file));

      assertThat(text(folder.resolve(file))).isEqualTo(text(GOLDEN.resolve(file)));
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).replace("\r\n", "\n");
  }
}
