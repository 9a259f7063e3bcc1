package io.github.recurrent.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the quickstart shows, of a model that has learned nothing. */
final class FindingsTest {
  private static final int SCREEN = 80;

  @TempDir private Path folder;
  private RunFolder run;
  private Findings findings;

  @BeforeEach
  void findOut() throws IOException {
    run = RunFolder.create(folder.resolve("run"));
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(16).relations(8).permutations().seed(1).build();
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(9, 10).trainPerHop(5).testPerHop(5).seed(1).build();
    RecurrentDepthTransformer model =
        Preset.laptopFarExtrapolation().model(data.vocabulary()).build();
    OnnxExporter.export(
        Checkpoint.builder()
            .model(model)
            .vocabulary(data.vocabulary())
            .parameters(Parameters.initialize(model, Seed.of(1)))
            .build(),
        run.export());
    try (OnnxReasoner reasoner = OnnxReasoner.load(run.export())) {
      findings =
          Findings.of(
              reasoner,
              Split.of(ImmutableMap.of("9 hops", data.test(9), "10 hops", data.test(10))),
              100,
              Halting.fixed(7),
              ImmutableList.of(data.test(10)));
    }
  }

  @Test
  void theyFitAScreen() {
    assertThat(findings.toString().lines())
        .hasSize(6)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(SCREEN))
        .anyMatch(line -> line.matches("  10( 0\\.\\d\\d){11}  \\| 0\\.\\d\\d   7\\.0    7"))
        .anyMatch(line -> line.contains(" after 7 iterations, "));
  }

  @Test
  void thePageHoldsPictureTablesAndEveryIteration() throws IOException {
    FindingsPage.write(findings, run, "A story.", ImmutableMap.of("seed", "1"), 5);

    assertThat(run.picture()).isNotEmptyFile();
    assertThat(run.path().resolve("sweep.csv")).isNotEmptyFile();
    assertThat(run.path().resolve("halting.csv")).isNotEmptyFile();
    assertThat(Files.readString(run.page()))
        .contains("A story.", "src=\"data:image/png", "<dt>seed</dt>")
        .containsPattern("(?s)<th scope=\"row\">7</th>\\s*<td>&lt;")
        .doesNotContain("<th scope=\"row\">8</th>");
  }
}
