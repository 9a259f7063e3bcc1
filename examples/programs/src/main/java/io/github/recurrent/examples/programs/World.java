package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.DatasetSummary;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.Generalization;
import io.github.recurrent.evaluation.Ranking;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.TensorFlowReasoner;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real graph, in which most chains have several ends: countries, currencies, languages and time
 * zones of the JDK. Learns two hops and three, says how much better it ranks held-out answers than
 * a guess by frequency, and is asked by name.
 *
 * <p>Usage: {@code World [most epochs of a stage [file]]}; the graph is also written to the file.
 */
public final class World {
  private static final Halting HALTING = Halting.klAndEntropy(0.01, 3).atMost(8);

  private World() {}

  /** Trains for some minutes on two cores, and prints what was learned. */
  public static void main(String[] arguments) throws IOException {
    int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 80;
    KnowledgeGraph graph = KnowledgeGraph.of(JdkWorld.triples()).withInverses();
    if (arguments.length > 1) {
      Path file = Path.of(arguments[1]).toAbsolutePath();
      Files.createDirectories(file.getParent());
      graph.write(file);
    }
    MultiHopDataset data = MultiHopDataset.from(graph).hops(2, 3).allWhereFewerExist(0.1).build();
    System.out.println(DatasetSummary.of(data));
    Preset preset = Preset.laptopExtrapolation();
    Checkpoint trained =
        preset
            .trainer(preset.model(data.vocabulary()).build())
            .allAnswers(true)
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
    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      System.out.println(Generalization.of(DepthSweep.of(reasoner, data.test()).run()));
      Ranking.Run ranking =
          Ranking.of(reasoner, data.test())
              .halting(HALTING)
              .guessingFrom(List.of(data.atomic(), data.train(2), data.train(3)));
      System.out.print(ranking.run().table().toCsv());
      ask(reasoner, graph, Query.from("France").follow("currency").follow("~currency"));
      ask(reasoner, graph, Query.from("Japan").follow("language").follow("script"));
      ask(reasoner, graph, Query.from("Europe/Paris").follow("region").follow("~region"));
    }
  }

  private static void ask(TensorFlowReasoner reasoner, KnowledgeGraph graph, Query query) {
    Answer answer = reasoner.answer(query, HALTING);
    boolean right = graph.answers(query).contains(answer.entity());
    System.out.println(query + " -> " + answer.entity() + (right ? ", right" : ", wrong"));
    System.out.println(graph.explain(query, 2));
  }
}
