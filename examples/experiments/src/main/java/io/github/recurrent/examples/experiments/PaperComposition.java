package io.github.recurrent.examples.experiments;

import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Preset;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The paper's systematic generalization (§3, figure 3) at its full size: 2,000 entities, 200
 * relations, 20 facts an entity, a model 768 wide, and 2,000 epochs. For a GPU; on a CPU it goes as
 * {@code TrainingBenchmark} says.
 *
 * <p>Usage: {@code PaperComposition [seed [iterations [runs]]]}; the paper's R are 1, 2, 4 and 8,
 * and 4 if none is given. The training is kept below {@code runs/paper-composition}, as a {@link
 * RunFolder}, which {@link io.github.recurrent.examples.experiments.figures.Report} analyses.
 * Ctrl-C writes a checkpoint, and the same command goes on from the last one.
 */
public final class PaperComposition {
  private PaperComposition() {}

  /**
   * Trains all epochs.
   *
   * @throws IOException if the run cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    long seed = told.seed();
    int iterations = told.number(1, "iterations", 4);
    Path runs = told.path(2, "runs/paper-composition");
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(2000)
            .relations(200)
            .outDegree(20)
            .randomTails()
            .seed(seed)
            .build();
    CompositionDataset data = CompositionDataset.from(graph).seed(seed).build();
    Preset preset = Preset.paperComposition();
    RecurrentDepthTransformer model =
        preset.model(data.vocabulary()).recurrence(Recurrence.fixed(iterations)).build();
    String shape = "l" + model.layers() + "_r" + iterations;
    System.out.println(data);
    new PaperTraining(
            preset.trainer(model).seed(seed),
            RunFolder.of(runs.resolve(shape).resolve("seed_" + seed)))
        .train(RunData.of(data), trainer -> trainer.train(data));
  }
}
