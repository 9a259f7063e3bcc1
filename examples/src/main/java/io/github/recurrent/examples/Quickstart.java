package io.github.recurrent.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
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
  private static final ImmutableList<Integer> SHOWN_ITERATIONS =
      ImmutableList.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40);
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
    long seed = Arguments.of(arguments).seed();
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
      printSweep(reasoner, heldOut(data));
      printHalting(reasoner, heldOut(data));
      for (int hops : SHOWN_QUERIES) {
        printSteps(reasoner, data.test(hops));
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

  private static void printSweep(Reasoner reasoner, Split heldOut) {
    print(
        "%nHeld-out accuracy by hops and number of iterations (trained up to %d hops):",
        TRAINED_HOPS);
    ImmutableList.Builder<String> head = ImmutableList.<String>builder().add("hops");
    SHOWN_ITERATIONS.forEach(iteration -> head.add("r=" + iteration));
    ConsoleTable table = new ConsoleTable(head.build());
    for (DepthSweep.Row row :
        DepthSweep.of(reasoner, heldOut).iterations(1, MAX_ITERATIONS).run().rows()) {
      ImmutableList.Builder<String> cells =
          ImmutableList.<String>builder().add(Integer.toString(row.hops()));
      SHOWN_ITERATIONS.forEach(iteration -> cells.add(decimal(row.accuracy(iteration))));
      table.add(cells.build());
    }
    print("%s", table);
  }

  private static void printHalting(Reasoner reasoner, Split heldOut) {
    print("Adaptive halting (%s):", HALTING);
    ConsoleTable table =
        new ConsoleTable(ImmutableList.of("hops", "accuracy", "mean iterations", "min", "max"));
    for (HaltingStudy.Row row : HaltingStudy.run(reasoner, heldOut, HALTING).rows()) {
      table.add(
          ImmutableList.of(
              Integer.toString(row.hops()),
              decimal(row.accuracy()),
              String.format(Locale.ROOT, "%.1f", row.meanIterations()),
              Integer.toString(row.minIterations()),
              Integer.toString(row.maxIterations())));
    }
    print("%s", table);
  }

  private static void printSteps(Reasoner reasoner, Facts facts) {
    Query query = facts.query(0);
    Answer answer = reasoner.answer(query, HALTING);
    Trajectory steps = reasoner.trajectory(QueryBatch.of(facts.subList(0, 1)), answer.iterations());
    print("%s, %d hops; the answer is %s", query, query.hops(), facts.answer(0));
    for (int iteration = 1; iteration <= answer.iterations(); iteration++) {
      Distribution distribution = steps.distribution(iteration, 0);
      int best = distribution.mostProbable();
      print(
          "  iteration %2d: %-6s p = %.3f",
          iteration, reasoner.vocabulary().token(best), distribution.probability(best));
    }
    print(
        "  halts: %s, %s",
        answer, answer.token().equals(facts.answer(0)) ? "which is right" : "which is wrong");
  }

  private static String decimal(double share) {
    return String.format(Locale.ROOT, "%.2f", share);
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
