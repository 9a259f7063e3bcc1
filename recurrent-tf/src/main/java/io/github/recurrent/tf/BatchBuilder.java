package io.github.recurrent.tf;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.tf.internal.graph.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Gathers queries and their answers. */
final class BatchBuilder {
  private final List<int[]> queries = new ArrayList<>();
  private final List<Integer> answers = new ArrayList<>();
  private final List<Supplier<ImmutableIntArray>> allAnswers = new ArrayList<>();

  /**
   * @param answer the id of one of the right answers to the fact's query
   */
  void add(Facts facts, int fact, int answer) {
    queries.add(facts.queryIds(fact));
    answers.add(answer);
    // Most trainings never ask for them.
    allAnswers.add(() -> facts.answerIds(fact));
  }

  List<int[]> queries() {
    return queries;
  }

  /** Returns the answers that were drawn, one a row. */
  int[] answers() {
    return answers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns all right answers of each row. */
  Targets allAnswers() {
    return Targets.of(allAnswers.stream().map(Supplier::get).toList());
  }
}
