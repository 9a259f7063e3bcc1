package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No bytes make the reader fail but with an exception that names the file. */
final class ReportFuzz {
  private static final Path FILE =
      Jimfs.newFileSystem(Configuration.unix()).getPath("/report.json");

  static Stream<byte[]> seeds() {
    return Stream.of(
            Reports.margins(),
            Reports.learning(0.5),
            Reports.patching(),
            Bands.of(ImmutableList.of(Reports.margins())),
            SideBySide.of(ImmutableMap.of("a", Reports.margins())))
        .map(report -> report.toJson().getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void aReportIsReadOrRefused(byte @NotNull [] bytes) throws IOException {
    Files.write(FILE, bytes);
    for (Class<? extends Report> kind :
        ImmutableList.of(
            LogitMargins.class, LearningRecord.class, ActivationPatching.class, Bands.class)) {
      try {
        Report unused = Report.read(FILE, kind);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("report.json");
      }
    }
    try {
      Report unused = SideBySide.read(FILE, LogitMargins.class);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("report.json");
    }
  }
}
