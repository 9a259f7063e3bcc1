package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;

/**
 * The right answers to the queries of facts, by token ids: those of fact f, in ascending order, are
 * the ids from {@code firsts[f]} to {@code firsts[f + 1]}. Immutable and thread-safe.
 *
 * @param firsts where the answers of each fact begin; empty if no fact has another than its own
 * @param ids the answers of all facts, one after the other
 */
record AnswerSets(ImmutableIntArray firsts, ImmutableIntArray ids) {
  /** Where the only right answer to each query is that of its fact. */
  static final AnswerSets SINGLE = new AnswerSets(ImmutableIntArray.of(), ImmutableIntArray.of());

  boolean isSingle() {
    return firsts.isEmpty();
  }

  ImmutableIntArray of(int fact) {
    return ids.subArray(firsts.get(fact), firsts.get(fact + 1));
  }

  boolean has(int fact, int id) {
    int low = firsts.get(fact);
    int beyond = firsts.get(fact + 1);
    while (low < beyond) {
      int middle = (low + beyond) >>> 1;
      int found = ids.get(middle);
      if (found == id) {
        return true;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return false;
  }

  /** Returns the answers of the facts from one index (inclusive) to another (exclusive). */
  AnswerSets subList(int from, int to) {
    if (isSingle()) {
      return this;
    }
    Builder part = new Builder();
    for (int fact = from; fact < to; fact++) {
      part.add(of(fact));
    }
    return part.build();
  }

  /** Collects the answers of one fact after the other. Not thread-safe. */
  static final class Builder {
    private final ImmutableIntArray.Builder firsts = ImmutableIntArray.builder().add(0);
    private final ImmutableIntArray.Builder ids = ImmutableIntArray.builder();
    private int facts;
    private int size;

    /**
     * @param answers distinct, in ascending order, at least one
     * @throws IllegalArgumentException if there are more answers than an array holds
     */
    void add(ImmutableIntArray answers) {
      if (Integer.MAX_VALUE - 8 - size < answers.length()) {
        throw new IllegalArgumentException(
            "the queries of the first "
                + facts
                + " facts have "
                + size
                + " right answers, and the next does not fit into an array; restrict the number of"
                + " answers of a query");
      }
      ids.addAll(answers);
      size += answers.length();
      facts++;
      firsts.add(size);
    }

    AnswerSets build() {
      return size == facts ? SINGLE : new AnswerSets(firsts.build(), ids.build());
    }
  }
}
