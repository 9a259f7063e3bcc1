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
import java.util.function.Function;

/** Has the logits that a function of a query's ids gives, after every iteration. */
final class LogitsReasoner implements Reasoner {
  private final Vocabulary vocabulary;
  private final Function<int[], float[]> logits;

  LogitsReasoner(Vocabulary vocabulary, Function<int[], float[]> logits) {
    this.vocabulary = vocabulary;
    this.logits = logits;
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
      Distribution distribution = Distribution.ofLogits(logits.apply(queries.ids(row)));
      answers.add(Answer.of(vocabulary, distribution, 1, halting));
    }
    return answers.build();
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    float[] all = new float[iterations * queries.size() * vocabulary.size()];
    for (int row = 0; row < iterations * queries.size(); row++) {
      float[] ofRow = logits.apply(queries.ids(row % queries.size()));
      System.arraycopy(ofRow, 0, all, row * vocabulary.size(), vocabulary.size());
    }
    return Trajectory.of(iterations, queries.size(), vocabulary.size(), all);
  }

  @Override
  public void close() {}
}
