package io.github.recurrent.tf;

import io.github.recurrent.dataset.Facts;
import java.util.ArrayList;
import java.util.List;

/** Gathers queries and their answers. */
final class BatchBuilder {
  private final List<int[]> queries = new ArrayList<>();
  private final List<Integer> answers = new ArrayList<>();

  /**
   * @param answer the id of one of the right answers to the fact's query
   */
  void add(Facts facts, int fact, int answer) {
    queries.add(facts.queryIds(fact));
    answers.add(answer);
  }

  List<int[]> queries() {
    return queries;
  }

  int[] answers() {
    return answers.stream().mapToInt(Integer::intValue).toArray();
  }
}
