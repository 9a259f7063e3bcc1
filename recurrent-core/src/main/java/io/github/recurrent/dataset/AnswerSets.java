package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The right answers to the queries of facts, by token ids, those of a fact in ascending order.
 * Immutable and thread-safe.
 */
abstract class AnswerSets {
  /** Returns whether no fact has another answer than its own; none may be asked for then. */
  abstract boolean isSingle();

  /** Returns where the answers of a fact begin. */
  abstract long first(int fact);

  /** Returns where the answers of a fact end. */
  abstract long beyond(int fact);

  /** Returns the answer at a place. */
  abstract int id(long place);

  ImmutableIntArray of(int fact) {
    ImmutableIntArray.Builder ids = ImmutableIntArray.builder(count(fact));
    for (long place = first(fact); place < beyond(fact); place++) {
      ids.add(id(place));
    }
    return ids.build();
  }

  /** Returns the number of answers of a fact. */
  final int count(int fact) {
    return (int) (beyond(fact) - first(fact));
  }

  final boolean has(int fact, int id) {
    long low = first(fact);
    long beyond = beyond(fact);
    while (low < beyond) {
      long middle = (low + beyond) >>> 1;
      int found = id(middle);
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
  final AnswerSets subList(int from, int to) {
    if (isSingle()) {
      return this;
    }
    Builder part = new Builder();
    for (int fact = from; fact < to; fact++) {
      part.add(of(fact));
    }
    return part.build();
  }

  /** Returns whether the answers of as many facts are the same. */
  final boolean hasSame(AnswerSets other, int facts) {
    if (isSingle() || other.isSingle()) {
      return isSingle() && other.isSingle();
    }
    for (int fact = 0; fact < facts; fact++) {
      if (!of(fact).equals(other.of(fact))) {
        return false;
      }
    }
    return true;
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
      return single ? SharedAnswers.SINGLE : new SharedAnswers(sets.build(), firsts.build(), ids());
    }

    /** Returns the sets one after the other, in an array as long as they are: they may be large. */
    private ImmutableIntArray ids() {
      ImmutableIntArray.Builder ids = ImmutableIntArray.builder(size);
      numbers.keySet().forEach(ids::addAll);
      return ids.build();
    }
  }
}
