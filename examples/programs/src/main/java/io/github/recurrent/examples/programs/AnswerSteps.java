package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Locale;

/**
 * What a model would answer after each iteration, until it halts.
 *
 * @param query what was asked
 * @param expected the answer by the graph
 * @param answer the answer by the model
 * @param steps what it would have answered after each iteration, from the first
 */
record AnswerSteps(Query query, String expected, Answer answer, ImmutableList<Step> steps) {
  /**
   * An iteration.
   *
   * @param token the most probable token after it
   * @param probability its probability, in [0, 1]
   */
  record Step(String token, double probability) {}

  /** Answers the first of some facts. */
  static AnswerSteps of(Reasoner reasoner, Facts facts, Halting halting) {
    Query query = facts.query(0);
    Answer answer = reasoner.answer(query, halting);
    Trajectory run = reasoner.trajectory(QueryBatch.of(facts.subList(0, 1)), answer.iterations());
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (int iteration = 1; iteration <= answer.iterations(); iteration++) {
      Distribution distribution = run.distribution(iteration, 0);
      int best = distribution.mostProbable();
      steps.add(new Step(reasoner.vocabulary().token(best), distribution.probability(best)));
    }
    return new AnswerSteps(query, facts.answer(0), answer, steps.build());
  }

  boolean isRight() {
    return answer.token().equals(expected);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d hops from %s: %s (%.3f) after %d iterations, %s",
        query.hops(),
        query.head(),
        answer.token(),
        answer.probability(),
        answer.iterations(),
        isRight() ? "right" : "but the graph says " + expected);
  }
}
