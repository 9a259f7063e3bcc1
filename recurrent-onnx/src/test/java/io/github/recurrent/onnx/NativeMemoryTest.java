package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.dataset.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs in a virtual machine whose heap is of a fixed size, so that only native memory can grow. */
@EnabledOnOs(OS.LINUX)
final class NativeMemoryTest {
  private static final int WARM_UP = 30;
  private static final int RUNS = 100;
  private static final long KIBIBYTES_ALLOWED = 25 * 1024;

  @Test
  void runsLeaveNoNativeMemoryBehind(@TempDir Path parent) throws Exception {
    Path folder = parent.resolve("onnx");
    OnnxExporter.export(
        TestModels.random(TestModels.small().width(8).layers(1).heads(1).build(), 1), folder);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                NativeMemoryTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();

    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).as(output).isZero();
    // The outputs alone would take 50 MiB.
    assertThat(Long.parseLong(output.substring(output.lastIndexOf('\n') + 1)))
        .as("KiB of growth")
        .isLessThan(KIBIBYTES_ALLOWED);
  }

  /** Prints by how many KiB this process grew in many runs of the model in a folder. */
  public static void main(String[] arguments) throws Exception {
    QueryBatch queries = TestModels.queries(4000, 1, 1);
    BatchingOptions options = BatchingOptions.builder().maxRows(4000).maxWaiting(4000).build();
    try (OnnxReasoner reasoner = OnnxReasoner.load(Path.of(arguments[0]));
        ContinuousBatcher batcher =
            ContinuousBatcher.load(
                Path.of(arguments[0]), options, ExecutionOptions.builder().build())) {
      run(reasoner, batcher, queries, WARM_UP);
      long before = residentKibibytes();
      run(reasoner, batcher, queries, RUNS);
      System.out.println(residentKibibytes() - before);
    }
  }

  private static void run(
      OnnxReasoner reasoner, ContinuousBatcher batcher, QueryBatch queries, int times)
      throws Exception {
    for (int time = 0; time < times; time++) {
      reasoner.answer(queries, Halting.fixed(1));
      reasoner.trajectory(queries, 1);
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int query = 0; query < queries.size(); query++) {
        answers.add(batcher.submit(Query.of("<e_1>", "<r_1>"), Halting.fixed(2)));
      }
      for (CompletableFuture<Answer> answer : answers) {
        answer.get();
      }
    }
  }

  private static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
