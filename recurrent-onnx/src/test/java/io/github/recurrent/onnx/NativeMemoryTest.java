package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.FixedHeap;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers {@value #RUNS} times thousands of queries in every way, and looks at what that leaves.
 */
@EnabledOnOs(OS.LINUX)
@Tag("memory")
final class NativeMemoryTest {
  private static final int WARM_UP = 30;
  private static final int RUNS = 100;
  private static final long KIBIBYTES_ALLOWED = 25 * 1024;

  @Test
  void runsLeaveNoNativeMemoryBehind(@TempDir Path parent) throws Exception {
    Path folder = parent.resolve("onnx");
    OnnxExporter.export(
        TestModels.random(TestModels.small().width(8).layers(1).heads(1).build(), 1), folder);
    // The outputs alone would take 50 MiB.
    assertThat(FixedHeap.run(NativeMemoryTest.class, folder.toString()))
        .as("KiB of growth")
        .isLessThan(KIBIBYTES_ALLOWED);
  }

  /** Prints by how many KiB this process grew in many runs of the model in a folder. */
  public static void main(String[] arguments) throws Exception {
    QueryBatch queries = TestModels.queries(4000, 1, 1);
    BatchingOptions options = BatchingOptions.builder().maxRows(4000).maxWaiting(4000).build();
    try (OnnxReasoner reasoner = OnnxReasoner.load(Path.of(arguments[0]));
        ContinuousBatcher batcher = ContinuousBatcher.of(reasoner, options)) {
      run(reasoner, batcher, queries, WARM_UP);
      long before = FixedHeap.residentKibibytes();
      run(reasoner, batcher, queries, RUNS);
      System.out.println(FixedHeap.residentKibibytes() - before);
    }
  }

  private static void run(
      OnnxReasoner reasoner, ContinuousBatcher batcher, QueryBatch queries, int times)
      throws Exception {
    for (int time = 0; time < times; time++) {
      reasoner.answer(queries, time % 2 == 0 ? Halting.fixed(1) : Halting.kl(1).atMost(2));
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
}
