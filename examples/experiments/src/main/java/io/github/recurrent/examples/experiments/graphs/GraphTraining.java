package io.github.recurrent.examples.experiments.graphs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.DatasetSummary;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.Generalization;
import io.github.recurrent.evaluation.Ranking;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.TensorFlowReasoner;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains on a file of triples, whatever graph it is, and ranks the answers to held-out queries
 * beside a guess by frequency.
 *
 * <p>Usage: {@code GraphTraining file [hops [seed [fitting|laptop]]]}; queries have up to 2 hops
 * unless given, and the preset is that which fits the data, or the laptop's.
 */
public final class GraphTraining {
  private static final Halting HALTING = Halting.klAndEntropy(0.01, 3).atMost(8);

  private GraphTraining() {}

  /** Trains, and prints what was learned. */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    int hops = told.number(1, "hops", 2);
    KnowledgeGraph graph = KnowledgeGraph.read(told.path(0, "runs/graphs/wordnet-Europe.tsv"));
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, hops).allWhereFewerExist(0.1).build();
    System.out.println(DatasetSummary.of(data));
    Preset preset = preset(told.get(3, "fitting"), data);
    preset.reasons().forEach(System.out::println);
    Instant start = Instant.now();
    Checkpoint trained =
        preset
            .trainer(preset.model(data.vocabulary()).build())
            .seed(told.number(2, "seed", 42))
            .listener(ProgressBar.create())
            .train(data);
    Duration took = Duration.between(start, Instant.now());
    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      System.out.println(Generalization.of(DepthSweep.of(reasoner, data.test()).run()));
      ImmutableList<Facts> known =
          Stream.concat(
                  Stream.of(data.atomic()), IntStream.rangeClosed(2, hops).mapToObj(data::train))
              .collect(ImmutableList.toImmutableList());
      Ranking ranking =
          Ranking.of(reasoner, data.test()).halting(HALTING).guessingFrom(known).run();
      print(ranking);
    }
    System.out.printf("%s: trained for %d s%n", preset, took.toSeconds());
  }

  private static Preset preset(String name, MultiHopDataset data) {
    return switch (name) {
      case "fitting" -> Preset.fitting(data);
      case "laptop" -> Preset.laptopExtrapolation(data.maxHops());
      default ->
          throw new IllegalArgumentException(
              "the preset must be fitting or laptop, but is " + name);
    };
  }

  private static void print(Ranking ranking) {
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "facts", "queries", "hits@1", "@3", "@10", "MRR", "guess @1", "@3", "@10", "MRR"));
    for (Ranking.Row row : ranking.rows()) {
      table.add(
          Stream.concat(
                  Stream.of(row.type(), Integer.toString(row.facts())),
                  Stream.of(
                          row.hitsAt1(),
                          row.hitsAt3(),
                          row.hitsAt10(),
                          row.meanReciprocalRank(),
                          row.guessHitsAt1(),
                          row.guessHitsAt3(),
                          row.guessHitsAt10(),
                          row.guessMeanReciprocalRank())
                      .map(figure -> String.format(Locale.ROOT, "%.2f", figure)))
              .collect(ImmutableList.toImmutableList()));
    }
    System.out.print(table);
  }
}
