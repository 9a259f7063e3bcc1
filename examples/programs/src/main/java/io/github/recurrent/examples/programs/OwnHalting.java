package io.github.recurrent.examples.programs;

import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A halting rule of your own: a row halts once its best token has kept half of the probability for
 * two iterations. One run of 40 iterations then tells where every rule would halt.
 *
 * <p>Usage: {@code OwnHalting}
 */
public final class OwnHalting {
  private static final int ITERATIONS = 40;

  private OwnHalting() {}

  /** Compares the rule with three that the library has. */
  public static void main(String[] arguments) throws IOException {
    List<Halting> rules =
        List.of(
            Halting.rule("the best token has half of the probability twice", OwnHalting::halts)
                .atMost(ITERATIONS),
            Halting.klAndEntropy(0.01, 3).atMost(ITERATIONS),
            Halting.stableAnswer(3).atMost(ITERATIONS),
            Halting.fixed(ITERATIONS));
    Path folder = Files.createTempDirectory("recurrent-halting").resolve("onnx");
    OnnxExporter.export(PublishedCheckpoint.fixture(), folder);
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      QueryBatch batch =
          QueryBatch.of(
              reasoner.vocabulary(),
              List.of(
                  Query.of("<e_9>", "<r_4>", "<r_1>"),
                  Query.of("<e_5>", "<r_1>", "<r_2>", "<r_4>", "<r_3>")));
      Trajectory run = reasoner.trajectory(batch, ITERATIONS);
      for (Halting rule : rules) {
        System.out.println(rule);
        for (int row = 0; row < batch.size(); row++) {
          int iteration = run.haltingIteration(row, rule);
          String token = reasoner.vocabulary().token(run.mostProbable(iteration, row));
          System.out.printf(
              Locale.ROOT, "  row %d: %s after %d iterations%n", row, token, iteration);
        }
      }
    }
  }

  private static boolean halts(List<Distribution> history) {
    Distribution last = history.get(history.size() - 1);
    Distribution before = history.get(history.size() - 2);
    int best = last.mostProbable();
    return last.probability(best) > 0.5 && before.probability(best) > 0.5;
  }
}
