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
import java.util.function.ToIntFunction;

/** Answers with what a function of a query's ids says, surely and at once. */
final class ChainReasoner implements Reasoner {
  private final Vocabulary vocabulary;
  private final ToIntFunction<int[]> answer;

  ChainReasoner(Vocabulary vocabulary, ToIntFunction<int[]> answer) {
    this.vocabulary = vocabulary;
    this.answer = answer;
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
    ImmutableList.Builder<Answer> answers = ImmutableList.builder();
    for (int row = 0; row < queries.size(); row++) {
      int[] ids = new int[queries.length(row)];
      for (int position = 0; position < ids.length; position++) {
        ids[position] = queries.id(row, position);
      }
      float[] logits = new float[vocabulary.size()];
      logits[answer.applyAsInt(ids)] = 30;
      answers.add(Answer.of(vocabulary, Distribution.ofLogits(logits), 1, halting));
    }
    return answers.build();
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
