package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;

/** Facts few enough to be run at once. */
final class FactBatch {
  private static final int MOST_ROWS = 1024;

  /** Keeps a trajectory within 128 MiB, so that it and what it is copied from fit small heaps. */
  private static final long MOST_LOGITS = 1L << 25;

  private final Facts facts;
  private final QueryBatch queries;

  private FactBatch(Facts facts) {
    this.facts = facts;
    this.queries = QueryBatch.of(facts);
  }

  /** Returns the batches of facts whose logits are kept after so many iterations. */
  static ImmutableList<FactBatch> of(Facts facts, int iterations) {
    checkArgument(facts.size() > 0, "no facts of %s hops to evaluate on", facts.hops());
    int most = mostRows(iterations, facts.vocabulary().size());
    ImmutableList.Builder<FactBatch> batches = ImmutableList.builder();
    for (int from = 0; from < facts.size(); from += most) {
      batches.add(new FactBatch(facts.subList(from, Math.min(facts.size(), from + most))));
    }
    return batches.build();
  }

  static int mostRows(int iterations, int vocabularySize) {
    long rows = MOST_LOGITS / ((long) iterations * vocabularySize);
    return (int) Math.max(1, Math.min(MOST_ROWS, rows));
  }

  QueryBatch queries() {
    return queries;
  }

  int size() {
    return facts.size();
  }

  /** Returns whether a token is a right answer to a row's query. */
  boolean isAnswer(int row, int id) {
    return facts.isAnswer(row, id);
  }

  /** Returns whether a row is answered right after an iteration. */
  boolean isRight(int row, Trajectory trajectory, int iteration) {
    return trajectory.isRight(iteration, row, facts, row);
  }

  /** Returns whether an answer to a row's query is right, by the same measure. */
  boolean isRight(int row, Answer answer) {
    return isAnswer(
        row, facts.haveSeveralAnswers() ? answer.amongEntities().tokenId() : answer.tokenId());
  }

  /** Returns whether a token is one of those that may be answers to the queries. */
  boolean mayBeAnswer(int id) {
    return !facts.haveSeveralAnswers() || facts.vocabulary().isEntity(id);
  }

  /** Returns the ids of all right answers to a row's query. */
  ImmutableIntArray answerIds(int row) {
    return facts.answerIds(row);
  }

  int queryId(int row, int position) {
    return facts.queryId(row, position);
  }

  int[] queryIds(int row) {
    return facts.queryIds(row);
  }
}
