package io.github.recurrent.dataset;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Distinct pairs of a fact and a right answer to its query. Not thread-safe. */
final class AnswerPairs {
  private static final long FREE = -1;

  /** No file can know it, so that none can be made whose pairs all fall into one slot. */
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

  private long[] table = emptyTable(64);
  private int size;

  /** Adds a pair, and returns whether it was not there. */
  boolean add(int fact, int answerId) {
    long pair = (long) fact << 32 | answerId;
    int slot = slot(table, pair);
    if (table[slot] == pair) {
      return false;
    }
    table[slot] = pair;
    size++;
    if (2 * size > table.length) {
      grow();
    }
    return true;
  }

  boolean has(int fact, int answerId) {
    return table[slot(table, (long) fact << 32 | answerId)] != FREE;
  }

  private void grow() {
    long[] larger = emptyTable(2 * table.length);
    for (long pair : table) {
      if (pair != FREE) {
        larger[slot(larger, pair)] = pair;
      }
    }
    table = larger;
  }

  private static long[] emptyTable(int length) {
    long[] table = new long[length];
    Arrays.fill(table, FREE);
    return table;
  }

  /** Returns the slot that holds a pair, or the free one in which it belongs. */
  private int slot(long[] slots, long pair) {
    long hash = (pair ^ pair >>> 29) * multiplier;
    hash = (hash ^ hash >>> 32) * multiplier;
    int slot = (int) (hash >>> 32) & (slots.length - 1);
    while (slots[slot] != FREE && slots[slot] != pair) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** Returns the pairs in ascending order of facts, then of answers: the fact in the upper half. */
  long[] sorted() {
    long[] pairs = new long[size];
    int count = 0;
    for (long pair : table) {
      if (pair != FREE) {
        pairs[count++] = pair;
      }
    }
    Arrays.sort(pairs);
    return pairs;
  }
}
