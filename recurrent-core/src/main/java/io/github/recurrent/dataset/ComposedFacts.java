package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Finds the atomic facts of which others are composed. Immutable and thread-safe. */
final class ComposedFacts {
  private static final int NONE = -1;
  private static final int MOST_SLOTS = 1 << 30;

  private final Facts atomic;

  /** The index of each atomic fact, by the hash of its head and its relation. */
  private final int[] table;

  ComposedFacts(Facts atomic) {
    this.atomic = atomic;
    int slots = 2;
    while (slots < MOST_SLOTS && slots < 2L * atomic.size()) {
      slots *= 2;
    }
    table = new int[slots];
    Arrays.fill(table, NONE);
    for (int fact = 0; fact < atomic.size(); fact++) {
      table[slot(atomic.queryId(fact, 0), atomic.queryId(fact, 1))] = fact;
    }
  }

  /** Returns the slot of the atomic fact of a query, or the free one in which it belongs. */
  private int slot(int head, int relation) {
    long hash = (((long) head << 32) | relation) * 0x9E3779B97F4A7C15L;
    hash = (hash ^ (hash >>> 32)) * 0xBF58476D1CE4E5B9L;
    int slot = (int) (hash >>> 32) & (table.length - 1);
    while (table[slot] != NONE && !isOf(table[slot], head, relation)) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private boolean isOf(int fact, int head, int relation) {
    return atomic.queryId(fact, 0) == head && atomic.queryId(fact, 1) == relation;
  }

  /** Returns how many atomic facts are on a way of any of the facts. */
  int count(Facts facts) {
    BitSet composed = new BitSet(atomic.size());
    for (int fact = 0; fact < facts.size(); fact++) {
      int[] reached = {facts.queryId(fact, 0)};
      for (int hop = 1; hop <= facts.hops(); hop++) {
        reached = step(reached, facts.queryId(fact, hop), composed);
      }
    }
    return composed.cardinality();
  }

  /** Returns the ids of the entities that a relation leads to, each once. */
  private int[] step(int[] reached, int relation, BitSet composed) {
    ImmutableIntArray.Builder tails = ImmutableIntArray.builder();
    for (int head : reached) {
      int fact = table[slot(head, relation)];
      if (fact != NONE) {
        composed.set(fact);
        tails.addAll(atomic.answerIds(fact));
      }
    }
    IntStream next = tails.build().stream();
    return (reached.length == 1 ? next : next.sorted().distinct()).toArray();
  }
}
