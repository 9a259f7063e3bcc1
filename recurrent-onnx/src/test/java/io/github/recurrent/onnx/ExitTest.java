package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that ends while models are in use loses no query, and neither crashes nor hangs. */
final class ExitTest {
  private static final String ALL_ANSWERED = "answered " + ExitProgram.ACCEPTED + ", failed 0";

  private final Path folder;

  ExitTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  @ParameterizedTest
  @CsvSource({"DRAIN_BATCHER, 3", "DRAIN_BATCHER_LATE, 1", "FROM_A_COMPLETION, 1"})
  void aHookAnswersAllThatWasAccepted(ExitProgram.Way way, int times) throws Exception {
    for (int time = 0; time < times; time++) {
      assertThat(run(way)).isEqualTo(new ForkedJvm(ExitProgram.STATUS, ALL_ANSWERED));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ANSWER_AND_CLOSE_REASONER",
    "TRACE_AND_CLOSE",
    "LOAD_IN_HOOK",
    "FROM_A_RULE_OF_A_CALL"
  })
  void aHookDoesWhatIsDoneElsewhere(ExitProgram.Way way) throws Exception {
    assertThat(run(way)).isEqualTo(new ForkedJvm(ExitProgram.STATUS, "closed"));
  }

  @ParameterizedTest
  @CsvSource({"WHILE_ANSWERING", "WHILE_BATCHING", "WHILE_LOADING"})
  void callsUnderWayDoNotCrashTheVirtualMachine(ExitProgram.Way way) throws Exception {
    for (int time = 0; time < 2; time++) {
      assertThat(run(way)).isEqualTo(new ForkedJvm(ExitProgram.STATUS, ""));
    }
  }

  @ParameterizedTest
  @CsvSource({"FROM_A_RULE_OF_A_BATCH"})
  void whatARuleCutsOffFailsAndTheRestIsAnswered(ExitProgram.Way way) throws Exception {
    ForkedJvm ended = run(way);

    assertThat(ended.status()).isEqualTo(ExitProgram.STATUS);
    assertThat(ended.output()).matches("answered \\d+, failed \\d+");
    assertThat(
            List.of(ended.output().replaceAll("[^0-9 ]", "").strip().split(" +")).stream()
                .mapToInt(Integer::parseInt)
                .sum())
        .isEqualTo(ExitProgram.ACCEPTED + 1);
  }

  private ForkedJvm run(ExitProgram.Way way) throws Exception {
    return ForkedJvm.run(
        List.of("-XX:TieredStopAtLevel=1"), ExitProgram.class, way.name(), folder.toString());
  }
}
