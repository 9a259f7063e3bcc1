package io.github.recurrent.examples.experiments.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.Report;
import io.github.recurrent.evaluation.ShortcutStudy;
import io.github.recurrent.evaluation.SideBySide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures' result files are read, and written again as they are. */
class ResultFilesTest {
  private static final Path RESULTS = Path.of("results/figures");

  static Stream<Arguments> filesOfSeveralModels() {
    return Stream.of(
        Arguments.of("figure-3-grokking", Bands.class),
        Arguments.of("figure-4-logit-lens", LogitLens.class),
        Arguments.of("figure-5-heat-maps", DepthSweep.class),
        Arguments.of("figure-6-curriculum-steps", CurriculumSteps.class),
        Arguments.of("figure-7-matched-depth", MatchedDepth.class),
        Arguments.of("figure-8-logit-margins", LogitMargins.class),
        Arguments.of("figure-9-adaptive-halting", HaltingStudy.class),
        Arguments.of("figure-11-activation-patching", ActivationPatching.class),
        Arguments.of("figure-12-default-initialization", DepthSweep.class),
        Arguments.of("figure-14-vanilla", DepthSweep.class),
        Arguments.of("figure-19-generalization-ratio", GeneralizationRatio.class),
        Arguments.of("shortcut", ShortcutStudy.class));
  }

  @ParameterizedTest
  @MethodSource("filesOfSeveralModels")
  void aFileOfSeveralModelsIsWrittenAsItIs(String name, Class<? extends Report> kind)
      throws IOException {
    Path file = RESULTS.resolve(name + ".json");

    assertThat(SideBySide.read(file, kind).toJson())
        .isEqualToNormalizingNewlines(Files.readString(file));
  }

  @Test
  void aFileOfBandsIsWrittenAsItIs() throws IOException {
    Path file = RESULTS.resolve("figure-15-seeds.json");

    assertThat(Report.read(file, Bands.class).toJson())
        .isEqualToNormalizingNewlines(Files.readString(file));
  }
}
