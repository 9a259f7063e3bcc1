package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Arrays;

/**
 * Answers with the head until it has made an iteration for every hop, then with the tail it is
 * told, and from some iteration on with the head again: overthinking.
 */
final class OneHopAnIteration implements Reasoner {
  private final Vocabulary vocabulary;
  private final int[] answers;
  private final int overthinking;

  /**
   * @param answers the right answer of each row of every batch
   * @param overthinking the iteration that spoils the answer
   */
  OneHopAnIteration(Vocabulary vocabulary, int[] answers, int overthinking) {
    this.vocabulary = vocabulary;
    this.answers = answers;
    this.overthinking = overthinking;
  }

  @Override
  public RecurrentDepthTransformer model() {
    return RecurrentDepthTransformer.builder().vocabulary(vocabulary).build();
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    ImmutableList.Builder<Answer> found = ImmutableList.builder();
    for (int row = 0; row < queries.size(); row++) {
      int iteration = Math.min(hops(queries, row), halting.atMost());
      found.add(Answer.of(vocabulary, distribution(queries, iteration, row), iteration, halting));
    }
    return found.build();
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    float[] logits = new float[iterations * queries.size() * vocabulary.size()];
    for (int iteration = 1; iteration <= iterations; iteration++) {
      for (int row = 0; row < queries.size(); row++) {
        int start = ((iteration - 1) * queries.size() + row) * vocabulary.size();
        logits[start + best(queries, iteration, row)] = 5;
      }
    }
    return Trajectory.of(iterations, queries.size(), vocabulary.size(), logits);
  }

  private Distribution distribution(QueryBatch queries, int iteration, int row) {
    float[] logits = new float[vocabulary.size()];
    Arrays.fill(logits, 0);
    logits[best(queries, iteration, row)] = 5;
    return Distribution.ofLogits(logits);
  }

  private int best(QueryBatch queries, int iteration, int row) {
    return iteration >= hops(queries, row) && iteration < overthinking
        ? answers[row]
        : queries.id(row, 0);
  }

  private static int hops(QueryBatch queries, int row) {
    return queries.length(row) - 1;
  }

  @Override
  public void close() {}
}
