package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Your own graph: from lines {@code head TAB relation TAB tail} to answers to questions of three
 * hops that were not in the training data.
 *
 * <p>Usage: {@code OwnGraph [file [most epochs of a stage]]}; the file is {@code data/notes.tsv} of
 * this module unless given, which says where intervals lead from the twelve notes of an octave.
 */
public final class OwnGraph {
  private static final int HOPS = 3;

  private OwnGraph() {}

  /** Reads the graph, trains for at most a minute or two, and prints answers. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments.length > 0 ? arguments[0] : "examples/programs/data/notes.tsv");
    int epochs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;

    KnowledgeGraph graph = KnowledgeGraph.read(file);
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, HOPS).allWhereFewerExist(0.1).build();
    Checkpoint trained =
        Trainer.of(Preset.laptopExtrapolation().model(data.vocabulary()).build())
            .batch(256)
            .optimizer(
                AdamW.builder().learningRate(4e-3).weightDecay(0.1).beta2(0.95).clipNorm(1).build())
            .dropout(Dropout.extrapolation())
            .curriculum(
                Curriculum.byHops()
                    .atomicFirst()
                    .atomicShare(0.5)
                    .untilAccuracy(0.9)
                    .stepsPerEpoch(50)
                    .epochsPerStage(epochs)
                    .keepOptimizer())
            .listener(ProgressBar.create())
            .train(data);

    Path exported = Files.createTempDirectory("recurrent-own-graph").resolve("onnx");
    OnnxExporter.export(trained, exported);
    try (OnnxReasoner reasoner = OnnxReasoner.load(exported)) {
      Facts heldOut = data.test(HOPS);
      for (int fact = 0; fact < 5; fact++) {
        Answer answer = reasoner.answer(heldOut.query(fact), Halting.klAndEntropy(0.01, 1.5));
        System.out.printf(
            "%s -> %s; the graph says %s%n", heldOut.query(fact), answer, heldOut.answer(fact));
      }
    }
  }
}
