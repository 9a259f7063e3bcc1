package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.TrajectoryStudy;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.models.Exported;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.ExportOptions;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.io.IOException;
import java.util.Locale;

/**
 * Times sweep, margins and two halting rules, all from one run of every query, at the paper's size:
 * d = 768, L = 4, and held-out facts of 2 to 40 hops. Weights are random, which costs the same. Run
 * it on an idle machine.
 *
 * <p>Arguments: {@code [seed [facts of each number of hops [iterations [bits of a weight]]]]}; of
 * 750 facts 20, 40 iterations and weights of 32 bits unless said otherwise, which can be of 8.
 */
public final class AnalysisBenchmark {
  private static final int MAX_HOPS = 40;
  private static final int ALL_FACTS = 750;

  private AnalysisBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @throws IOException if no temporary folder can be written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    int facts = told.number(1, "facts", 20);
    int iterations = told.number(2, "iterations", 40);
    boolean int8 =
        switch (told.get(3, "32")) {
          case "8" -> true;
          case "32" -> false;
          default ->
              throw new IllegalArgumentException(
                  "bits of a weight: expected 8 or 32, got " + told.get(3, "32"));
        };
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(200)
            .relations(10)
            .permutations()
            .seed(told.seed())
            .build();
    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, MAX_HOPS)
            .trainPerHop(1)
            .testPerHop(ALL_FACTS)
            .seed(told.seed())
            .build();
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder().vocabulary(data.vocabulary()).build();
    Checkpoint random =
        Checkpoint.builder()
            .model(model)
            .vocabulary(data.vocabulary())
            .parameters(Parameters.initialize(model, Seed.of(told.seed())))
            .provenance(ImmutableMap.of("weights", "random"))
            .build();
    Exported.ask(
        random,
        ExportOptions.builder().quantizeInt8(int8).build(),
        reasoner -> {
          study(reasoner, data.test().heldOut(), 1, iterations, told.seed());
          time(reasoner, data.test().heldOut(), facts, iterations, told.seed());
          return ImmutableList.of();
        });
  }

  private static void time(Reasoner reasoner, Split facts, int sample, int iterations, long seed) {
    System.out.println("Measuring " + reasoner.model().recurrence());
    long begin = System.nanoTime();
    study(reasoner, facts, sample, iterations, seed);
    double seconds = (System.nanoTime() - begin) / 1e9;
    int types = facts.byType().size();
    System.out.printf(
        Locale.ROOT,
        "%s, %,d parameters: %d facts of each of %d numbers of hops, %d iterations: measured %.1f s,"
            + " %.2f facts/s%nComputed from that rate, all %d x %d facts: %.0f minutes%n",
        reasoner.model().recurrence(),
        reasoner.model().parameterCount(),
        sample,
        types,
        iterations,
        seconds,
        sample * types / seconds,
        ALL_FACTS,
        types,
        ALL_FACTS / (double) sample * seconds / 60);
  }

  private static void study(Reasoner reasoner, Split facts, int sample, int iterations, long seed) {
    TrajectoryStudy.of(reasoner, facts)
        .sample(sample, seed)
        .iterations(1, iterations)
        .rules(
            Halting.kl(0.01).atMost(iterations), Halting.klAndEntropy(0.01, 3).atMost(iterations))
        .run();
  }
}
