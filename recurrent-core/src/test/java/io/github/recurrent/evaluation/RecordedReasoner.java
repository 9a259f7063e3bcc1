package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.ArrayList;
import java.util.List;

/** Gives recorded logits, row for row, whatever it is asked, and counts how often it is asked. */
final class RecordedReasoner implements Reasoner {
  private final Vocabulary vocabulary;
  private final ImmutableList<ImmutableList<float[]>> logits;
  private int next;
  int trajectories;

  /**
   * @param logits the rows' logits after each iteration
   */
  RecordedReasoner(Vocabulary vocabulary, List<ImmutableList<float[]>> logits) {
    this.vocabulary = vocabulary;
    this.logits = ImmutableList.copyOf(logits);
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
  public ImmutableMap<String, String> provenance() {
    return ImmutableMap.of("seed", "7", "learnable recursion depth", "3");
  }

  @Override
  public ImmutableList<Answer> answer(QueryBatch queries, Halting halting) {
    throw new UnsupportedOperationException("only trajectories are recorded");
  }

  @Override
  public Trajectory trajectory(QueryBatch queries, int iterations) {
    trajectories++;
    int size = logits.get(0).get(0).length;
    List<Float> all = new ArrayList<>();
    for (int iteration = 0; iteration < iterations; iteration++) {
      for (int row = 0; row < queries.size(); row++) {
        for (float logit : logits.get(iteration).get((next + row) % logits.get(0).size())) {
          all.add(logit);
        }
      }
    }
    next += queries.size();
    float[] values = new float[all.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = all.get(index);
    }
    return Trajectory.of(iterations, queries.size(), size, values);
  }

  @Override
  public void close() {}
}
