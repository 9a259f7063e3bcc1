package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;

/**
 * Right answers on the heap. Queries with the same answers share them: in a dense graph most long
 * chains end at one of few large sets.
 */
final class SharedAnswers extends AnswerSets {
  /** Where the only right answer to each query is that of its fact. */
  static final AnswerSets SINGLE =
      new SharedAnswers(ImmutableIntArray.of(), ImmutableIntArray.of(), ImmutableIntArray.of());

  private final ImmutableIntArray sets;
  private final ImmutableIntArray firsts;
  private final ImmutableIntArray ids;

  /**
   * @param sets the number of each fact's set; empty if no fact has another answer than its own
   * @param firsts where the ids of set s begin and, at {@code s + 1}, end
   * @param ids the answers of all sets, one after the other, each set in ascending order
   */
  SharedAnswers(ImmutableIntArray sets, ImmutableIntArray firsts, ImmutableIntArray ids) {
    this.sets = sets;
    this.firsts = firsts;
    this.ids = ids;
  }

  @Override
  boolean isSingle() {
    return sets.isEmpty();
  }

  @Override
  long first(int fact) {
    return firsts.get(sets.get(fact));
  }

  @Override
  long beyond(int fact) {
    return firsts.get(sets.get(fact) + 1);
  }

  @Override
  int id(long place) {
    return ids.get((int) place);
  }

  @Override
  ImmutableIntArray of(int fact) {
    return ids.subArray((int) first(fact), (int) beyond(fact));
  }
}
