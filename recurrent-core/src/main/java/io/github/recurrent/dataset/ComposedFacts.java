package io.github.recurrent.dataset;

import com.google.common.primitives.ImmutableIntArray;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Finds the atomic facts of which others are composed. Immutable and thread-safe. */
final class ComposedFacts {
  private final Facts atomic;

  /** The index of each atomic fact, by the ids of its head and its relation. */
  private final Map<Long, Integer> indices = new HashMap<>();

  ComposedFacts(Facts atomic) {
    this.atomic = atomic;
    for (int fact = 0; fact < atomic.size(); fact++) {
      indices.put(key(atomic.queryId(fact, 0), atomic.queryId(fact, 1)), fact);
    }
  }

  private static long key(int head, int relation) {
    return (long) head << 32 | relation;
  }

  /** Returns how many atomic facts are on a way of any of the facts. */
  int count(Facts facts) {
    BitSet composed = new BitSet(atomic.size());
    for (int fact = 0; fact < facts.size(); fact++) {
      BitSet reached = new BitSet();
      reached.set(facts.queryId(fact, 0));
      for (int hop = 1; hop <= facts.hops(); hop++) {
        reached = step(reached, facts.queryId(fact, hop), composed);
      }
    }
    return composed.cardinality();
  }

  private BitSet step(BitSet reached, int relation, BitSet composed) {
    BitSet next = new BitSet();
    for (int head = reached.nextSetBit(0); head >= 0; head = reached.nextSetBit(head + 1)) {
      Integer fact = indices.get(key(head, relation));
      if (fact != null) {
        composed.set(fact);
        ImmutableIntArray tails = atomic.answerIds(fact);
        for (int tail = 0; tail < tails.length(); tail++) {
          next.set(tails.get(tail));
        }
      }
    }
    return next;
  }
}
