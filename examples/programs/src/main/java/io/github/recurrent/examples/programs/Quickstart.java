package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Presets;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;

/**
 * The whole path in a few minutes on two cores: a knowledge graph, a dataset, a model trained up to
 * 5 hops, an ONNX file, and answers to queries of up to 20 hops.
 *
 * <p>Usage: {@code Quickstart [seed]}; the seed is 42 unless given.
 */
public final class Quickstart {
  private static final int TRAINED_HOPS = 5;
  private static final ImmutableList<Integer> TESTED_HOPS =
      ImmutableList.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 20);
  private static final int MAX_ITERATIONS = 40;
  private static final ImmutableList<Integer> SHOWN_QUERIES = ImmutableList.of(3, 6, 9);

  /** The paper's thresholds; its 3.0 nats for 200 entities scale to 1.57 for 16. */
  private static final Halting HALTING =
      Halting.klAndEntropy(0.01, 3.0 * Math.log(16) / Math.log(200)).atMost(MAX_ITERATIONS);

  private Quickstart() {}

  /**
   * Runs the example.
   *
   * @throws IOException if the run's folder cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = arguments.length == 0 ? 42 : Long.parseLong(arguments[0]);
    Instant start = Instant.now();

    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(16).relations(8).permutations().seed(seed).build();
    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, Collections.max(TESTED_HOPS))
            .trainPerHop(15_000)
            .testPerHop(750)
            .allWhereFewerExist(0.2)
            .seed(seed)
            .build();
    print("Data: %s, %s", graph, data);

    Preset preset = Presets.laptopFarExtrapolation();
    RecurrentDepthTransformer model = preset.model(data.vocabulary()).build();
    print(
        "Model: %,d parameters, trained to answer %d hops in %s iterations",
        model.parameterCount(), TRAINED_HOPS, model.recurrence());

    Path run = Files.createTempDirectory("recurrent-quickstart");
    Checkpoint trained =
        preset
            .trainer(model)
            .seed(seed)
            .checkpoints(run)
            .listener(ProgressBar.create())
            .train(data);

    Path exported = run.resolve("onnx");
    OnnxExporter.export(trained, exported);
    print("Exported to %s", exported);

    try (Reasoner reasoner = OnnxReasoner.load(exported)) {
      print(
          "%nHeld-out accuracy by hops and number of iterations (trained up to %d hops):%n%s",
          TRAINED_HOPS, SweepTable.of(reasoner, heldOut(data), MAX_ITERATIONS));
      print(
          "Adaptive halting (%s):%n%s", HALTING, HaltingTable.of(reasoner, heldOut(data), HALTING));
      for (int hops : SHOWN_QUERIES) {
        print("%s", AnswerSteps.of(reasoner, data.test(hops), HALTING));
      }
    }
    print("%nDone in %d s.", Duration.between(start, Instant.now()).toSeconds());
  }

  private static Split heldOut(MultiHopDataset data) {
    ImmutableMap.Builder<String, Facts> facts = ImmutableMap.builder();
    for (int hops : TESTED_HOPS) {
      facts.put(hops + " hops", data.test(hops));
    }
    return Split.of(facts.buildOrThrow());
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
