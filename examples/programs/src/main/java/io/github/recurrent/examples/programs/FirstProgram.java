package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The shortest path from a graph to an answer, in seconds; the model is too small and trained too
 * briefly to answer well. The folder {@code runs/first} keeps its checkpoint and its ONNX files.
 */
public final class FirstProgram {
  private FirstProgram() {}

  /** Trains, exports and answers one query. */
  public static void main(String[] arguments) throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(16).relations(8).permutations().seed(42).build();
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 3).trainPerHop(500).testPerHop(50).build();
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(data.vocabulary())
            .width(64)
            .layers(1)
            .heads(2)
            .recurrence(Recurrence.poisson(4).between(2, 8))
            .build();
    Checkpoint trained =
        Trainer.of(model)
            .curriculum(Curriculum.byHops().stepsPerEpoch(50).epochsPerStage(2))
            .checkpoints(Path.of("runs/first"))
            .listener(ProgressBar.create())
            .train(data);
    OnnxExporter.export(trained, Path.of("runs/first/onnx"));
    try (OnnxReasoner reasoner = OnnxReasoner.load(Path.of("runs/first/onnx"))) {
      Answer answer =
          reasoner.answer(
              Query.of("<e_7>", "<r_3>", "<r_1>"), Halting.klAndEntropy(0.01, 1.5).atMost(40));
      System.out.println(answer);
    }
  }
}
