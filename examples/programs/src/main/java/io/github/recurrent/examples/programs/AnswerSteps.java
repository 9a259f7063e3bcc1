package io.github.recurrent.examples.programs;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Locale;

/** What a model would answer after each iteration, until it halts. */
final class AnswerSteps {
  private AnswerSteps() {}

  /** Returns the steps to the answer of the first of some facts. */
  static String of(Reasoner reasoner, Facts facts, Halting halting) {
    Query query = facts.query(0);
    Answer answer = reasoner.answer(query, halting);
    Trajectory steps = reasoner.trajectory(QueryBatch.of(facts.subList(0, 1)), answer.iterations());
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s, %d hops; the answer is %s%n",
                query,
                query.hops(),
                facts.answer(0)));
    for (int iteration = 1; iteration <= answer.iterations(); iteration++) {
      Distribution distribution = steps.distribution(iteration, 0);
      int best = distribution.mostProbable();
      text.append(
          String.format(
              Locale.ROOT,
              "  iteration %2d: %-6s p = %.3f%n",
              iteration,
              reasoner.vocabulary().token(best),
              distribution.probability(best)));
    }
    boolean right = answer.token().equals(facts.answer(0));
    return text.append("  halts: " + answer + (right ? ", which is right" : ", which is wrong"))
        .toString();
  }
}
