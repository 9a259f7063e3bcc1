package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The shortest path from a graph to an answer: a model that learns two hops, in less than a minute
 * on two cores. The folder {@code runs/first} keeps its checkpoint and its ONNX files.
 */
public final class FirstProgram {
  private FirstProgram() {}

  /** Trains, exports and answers one query. */
  public static void main(String[] arguments) throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(16).relations(8).permutations().seed(42).build();
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 2).trainPerHop(800).testPerHop(200).build();
    Preset preset = Preset.laptopFarExtrapolation();
    RecurrentDepthTransformer model =
        preset.model(data.vocabulary()).recurrence(Recurrence.poisson(3).between(2, 5)).build();
    Checkpoint trained =
        preset
            .trainer(model)
            .curriculum(Curriculum.byHops().atomicFirst().upTo(2).cooldown(400, 0.02))
            .checkpoints(Path.of("runs/first"))
            .listener(ProgressBar.create())
            .train(data);
    OnnxExporter.export(trained, Path.of("runs/first/onnx"));
    try (OnnxReasoner reasoner = OnnxReasoner.load(Path.of("runs/first/onnx"))) {
      Facts heldOut = data.test(2);
      Answer answer = reasoner.answer(heldOut.query(0), Halting.klAndEntropy(0.01, 1.5).atMost(40));
      System.out.println(heldOut.query(0) + " -> " + answer + "; the graph: " + heldOut.answer(0));
    }
  }
}
