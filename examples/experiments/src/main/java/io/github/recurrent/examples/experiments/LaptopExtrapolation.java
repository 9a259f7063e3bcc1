package io.github.recurrent.examples.experiments;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.TensorFlowReasoner;

/** What experiments on depth extrapolation at laptop size have in common. */
public final class LaptopExtrapolation {
  static final int MAX_ITERATIONS = 100;

  /** The number of entities of its graphs. */
  public static final int ENTITIES = 16;

  private static final int RELATIONS = 8;

  /** The accuracy at which hops count as answered (paper, app. J). */
  static final double BAR = 0.6;

  private LaptopExtrapolation() {}

  /** Returns facts of 16 entities and 8 permutation relations, up to a number of hops. */
  public static MultiHopDataset data(int hops, long seed) {
    return data(
        KnowledgeGraph.builder()
            .entities(ENTITIES)
            .relations(RELATIONS)
            .permutations()
            .seed(seed)
            .build(),
        hops,
        seed);
  }

  /** Returns as many facts of a graph of which every relation goes to random tails. */
  public static MultiHopDataset randomTails(int hops, long seed) {
    return data(
        KnowledgeGraph.builder()
            .entities(ENTITIES)
            .relations(RELATIONS)
            .outDegree(RELATIONS)
            .randomTails()
            .seed(seed)
            .build(),
        hops,
        seed);
  }

  private static MultiHopDataset data(KnowledgeGraph graph, int hops, long seed) {
    return MultiHopDataset.from(graph)
        .hops(2, hops)
        .trainPerHop(15_000)
        .testPerHop(400)
        .allWhereFewerExist(0.2)
        .seed(seed)
        .build();
  }

  /** Returns stages that go on until one fails, to find the learnable recursion depth. */
  public static Curriculum untilFailure(int hops) {
    return Curriculum.byHops()
        .atomicFirst()
        .upTo(hops)
        .untilAccuracy(0.95)
        .rateDecay(0.85, 0.3)
        .stepsPerEpoch(50)
        .epochsPerStage(120)
        .keepOptimizer();
  }

  static DepthSweep sweep(Checkpoint trained, MultiHopDataset data, int mostHops) {
    ImmutableMap.Builder<String, Facts> facts = ImmutableMap.builder();
    for (int hops = data.minHops(); hops <= mostHops; hops++) {
      facts.put(hops + " hops", data.test(hops));
    }
    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      return DepthSweep.of(reasoner, Split.of(facts.buildOrThrow()))
          .iterations(1, MAX_ITERATIONS)
          .run();
    }
  }

  /** Returns the mean accuracy, after a number of iterations, over facts of so many hops. */
  static double accuracy(DepthSweep sweep, int hops, int iterations) {
    return sweep.rows().stream()
        .filter(row -> row.hops() <= hops)
        .mapToDouble(row -> row.accuracy(iterations))
        .average()
        .orElseThrow();
  }

  /** Returns the number of hops that a model has learned. */
  public static int depth(Checkpoint trained) {
    return Integer.parseInt(String.valueOf(trained.provenance().get("learnable recursion depth")));
  }
}
