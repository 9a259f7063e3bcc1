package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.fixtures.FixedHeap;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Opens everything there is for one model, and looks at the memory it takes. */
@EnabledOnOs(OS.LINUX)
@Tag("memory")
final class WeightsInMemoryTest {
  @Test
  void allWaysToAnswerShareOneCopyOfTheWeights(@TempDir Path parent) throws Exception {
    Path folder = parent.resolve("onnx");
    OnnxExporter.export(
        TestModels.random(TestModels.small().width(768).layers(2).heads(12).build(), 1), folder);
    long weights = Files.size(folder.resolve("model.data")) / 1024;

    long growth = FixedHeap.run(WeightsInMemoryTest.class, folder.toString());

    assertThat(growth).as("KiB of growth").isBetween(weights / 2, weights * 8 / 5);
  }

  /** Prints by how many KiB this process grew for a model and all ways to run it. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path small = folder.resolveSibling("small");
    OnnxExporter.export(TestModels.random(1), small);
    grow(small);
    System.out.println(grow(folder));
  }

  private static long grow(Path folder) throws Exception {
    long before = FixedHeap.residentKibibytes();
    QueryBatch queries = TestModels.queries(8, 3, 1);
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder);
        ContinuousBatcher batcher = ContinuousBatcher.of(reasoner)) {
      reasoner.answer(queries, Halting.fixed(3));
      reasoner.answer(queries, Halting.klAndEntropy(0.01, 1).atMost(3));
      reasoner.trajectory(queries, 3);
      batcher.answer(Query.of("<e_1>", "<r_1>"), Halting.hiddenChange(0.1).atMost(3));
      return FixedHeap.residentKibibytes() - before;
    }
  }
}
