package io.github.recurrent.examples.experiments;

import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.tf.Preset;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The paper's depth extrapolation (§4, figures 5 to 10) at its full size: 200 entities, 10
 * relations, up to 40 hops, a model 768 wide, and millions of updates. For a GPU; on a CPU it goes
 * as {@code TrainingBenchmark} says.
 *
 * <p>Usage: {@code PaperExtrapolation [seed [runs]]}. The training is kept below {@code
 * runs/paper-extrapolation}, as a {@link RunFolder}, which {@link
 * io.github.recurrent.examples.experiments.figures.Report} analyses. Ctrl-C writes a checkpoint,
 * and the same command goes on from the last one.
 */
public final class PaperExtrapolation {
  private PaperExtrapolation() {}

  /**
   * Trains, until a stage fails.
   *
   * @throws IOException if the run cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    long seed = told.seed();
    Path runs = told.path(1, "runs/paper-extrapolation");
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(200).relations(10).permutations().seed(seed).build();
    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, 40)
            .trainPerHop(15_000)
            .testPerHop(750)
            .seed(seed)
            .build();
    Preset preset = Preset.paperExtrapolation();
    System.out.println(data);
    new PaperTraining(
            preset.trainer(preset.model(data.vocabulary()).build()).seed(seed),
            RunFolder.of(runs.resolve("seed_" + seed)))
        .train(RunData.of(data), trainer -> trainer.train(data));
  }
}
