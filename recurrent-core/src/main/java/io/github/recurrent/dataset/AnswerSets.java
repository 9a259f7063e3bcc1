package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The right answers to the queries of facts, by token ids. Queries with the same answers share
 * them: in a dense graph most long chains end at one of few large sets. Immutable and thread-safe.
 *
 * @param sets the number of each fact's set; empty if no fact has another answer than its own
 * @param firsts where the ids of set s begin and, at {@code s + 1}, end
 * @param ids the answers of all sets, one after the other, each set in ascending order
 */
record AnswerSets(ImmutableIntArray sets, ImmutableIntArray firsts, ImmutableIntArray ids) {
  /** Where the only right answer to each query is that of its fact. */
  static final AnswerSets SINGLE =
      new AnswerSets(ImmutableIntArray.of(), ImmutableIntArray.of(), ImmutableIntArray.of());

  boolean isSingle() {
    return sets.isEmpty();
  }

  ImmutableIntArray of(int fact) {
    int set = sets.get(fact);
    return ids.subArray(firsts.get(set), firsts.get(set + 1));
  }

  /** Returns the number of answers of a fact. */
  int count(int fact) {
    int set = sets.get(fact);
    return firsts.get(set + 1) - firsts.get(set);
  }

  boolean has(int fact, int id) {
    int set = sets.get(fact);
    int low = firsts.get(set);
    int beyond = firsts.get(set + 1);
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
    private final ImmutableIntArray.Builder sets = ImmutableIntArray.builder();
    private final ImmutableIntArray.Builder firsts = ImmutableIntArray.builder().add(0);
    private final Map<ImmutableIntArray, Integer> numbers = new LinkedHashMap<>();
    private final AnswerMemory memory;
    private int facts;
    private int size;
    private boolean single = true;

    Builder() {
      this(AnswerMemory.unlimited());
    }

    /**
     * @param memory what the answers may take
     */
    Builder(AnswerMemory memory) {
      this.memory = memory;
    }

    /**
     * @param answers distinct, in ascending order, at least one
     * @throws IllegalArgumentException if there are more answers than an array holds, or than there
     *     is memory for
     */
    void add(ImmutableIntArray answers) {
      single &= answers.length() == 1;
      memory.count(answers.length());
      Integer known = numbers.get(answers);
      if (known == null) {
        known = addSet(answers.trimmed());
      }
      sets.add(known);
      facts++;
    }

    private int addSet(ImmutableIntArray answers) {
      if (Integer.MAX_VALUE - 8 - size < answers.length()) {
        throw new IllegalArgumentException(
            "the queries of the first "
                + facts
                + " facts have "
                + size
                + " right answers, and the next does not fit into an array; restrict the number of"
                + " answers of a query");
      }
      memory.take(answers.length());
      int number = numbers.size();
      numbers.put(answers, number);
      size += answers.length();
      firsts.add(size);
      return number;
    }

    AnswerSets build() {
      return single ? SINGLE : new AnswerSets(sets.build(), firsts.build(), ids());
    }

    /** Returns the sets one after the other, in an array as long as they are: they may be large. */
    private ImmutableIntArray ids() {
      ImmutableIntArray.Builder ids = ImmutableIntArray.builder(size);
      numbers.keySet().forEach(ids::addAll);
      return ids.build();
    }
  }
}
