package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A question to an exported model: where does a chain of relations lead from an entity?
 *
 * <p>Usage: {@code Ask folder entity relation...}, for instance {@code Ask runs/quickstart/onnx e_3
 * r_1 r_2}. Angle brackets around names may be left out.
 */
public final class Ask {
  private static final int MOST_ITERATIONS = 100;

  private Ask() {}

  /** Answers the question, with the runners-up. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("Usage: Ask folder entity relation...");
      System.exit(2);
    }
    ImmutableList<String> tokens =
        Arrays.stream(arguments)
            .skip(1)
            .map(name -> name.startsWith("<") ? name : "<" + name + ">")
            .collect(ImmutableList.toImmutableList());
    Query query = Query.of(tokens.get(0), tokens.subList(1, tokens.size()));
    try (OnnxReasoner reasoner = OnnxReasoner.load(Path.of(arguments[0]))) {
      // A confident answer has little entropy; ln 2 is that of a coin.
      Answer answer =
          reasoner.answer(query, Halting.klAndEntropy(0.01, Math.log(2)).atMost(MOST_ITERATIONS));
      System.out.println(query + " -> " + answer);
      for (Answer.Candidate candidate : answer.top(3)) {
        System.out.printf(Locale.ROOT, "  %-8s %.3f%n", candidate.token(), candidate.probability());
      }
    }
  }
}
