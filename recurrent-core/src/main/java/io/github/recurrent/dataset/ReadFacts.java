package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/** Facts of one number of hops that are read, and found again by their queries. Not thread-safe. */
final class ReadFacts {
  private final FactsBuilder facts;

  /** No file can know it, so that none can be made whose queries all fall into one slot. */
  private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;

  /** The first fact of each query, by the hash of the query; -1 where there is none. */
  private int[] table = emptyTable(64);

  private int distinct;

  /** The answers of all queries that were united. */
  private final AnswerPairs united = new AnswerPairs();

  private boolean uniting;

  ReadFacts(Vocabulary vocabulary, int hops) {
    facts = new FactsBuilder(vocabulary, hops);
  }

  int hops() {
    return facts.hops();
  }

  int size() {
    return facts.size();
  }

  /** Adds a fact, and returns the answer that its query had before, if it was there. */
  OptionalInt add(int[] queryIds, int answerId) {
    int slot = slot(table, queryIds);
    int first = table[slot];
    facts.add(queryIds, answerId);
    if (first >= 0) {
      return OptionalInt.of(facts.answerId(first));
    }
    table[slot] = facts.size() - 1;
    distinct++;
    if (2 * distinct > table.length) {
      grow();
    }
    return OptionalInt.empty();
  }

  /**
   * Adds an answer to the set of its query, which is one fact, and returns whether the set had it.
   * The first answer that comes is the fact's own. Either all facts are added so, or none is.
   */
  boolean unite(int[] queryIds, int answerId) {
    uniting = true;
    int first = table[slot(table, queryIds)];
    if (first < 0) {
      first = facts.size();
      add(queryIds, answerId);
    }
    return !united.add(first, answerId);
  }

  /** Returns whether an answer to a query is known to be wrong, since the query has others. */
  boolean contradicts(int[] queryIds, int answerId) {
    int first = table[slot(table, queryIds)];
    return first >= 0
        && (uniting ? !united.has(first, answerId) : facts.answerId(first) != answerId);
  }

  /** Returns the first answer of a query, if it is there. */
  OptionalInt answer(int[] queryIds) {
    int first = table[slot(table, queryIds)];
    return first < 0 ? OptionalInt.empty() : OptionalInt.of(facts.answerId(first));
  }

  private void grow() {
    int[] larger = emptyTable(2 * table.length);
    for (int fact : table) {
      if (fact >= 0) {
        larger[slot(larger, facts.queryIds(fact))] = fact;
      }
    }
    table = larger;
  }

  private static int[] emptyTable(int length) {
    int[] table = new int[length];
    Arrays.fill(table, -1);
    return table;
  }

  /** Returns the slot that holds a query, or the free one in which it belongs. */
  private int slot(int[] slots, int[] queryIds) {
    int hash = 1;
    for (int id : queryIds) {
      hash = (hash ^ hash >>> 15) * multiplier + id;
    }
    hash = (hash ^ hash >>> 16) * multiplier;
    int slot = (hash ^ hash >>> 15) & (slots.length - 1);
    while (slots[slot] >= 0 && !facts.hasQuery(slots[slot], queryIds)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** Returns a split of facts that were read, in the order of the map. */
  static Split split(Map<String, ReadFacts> byType) {
    ImmutableMap.Builder<String, Facts> split = ImmutableMap.builder();
    byType.forEach((type, facts) -> split.put(type, facts.build()));
    return Split.of(split.buildOrThrow());
  }

  Facts build() {
    return uniting ? facts.build().withAnswers(sets()) : facts.build();
  }

  private AnswerSets sets() {
    AnswerSets.Builder sets = new AnswerSets.Builder();
    long[] pairs = united.sorted();
    for (int pair = 0; pair < pairs.length; ) {
      int fact = (int) (pairs[pair] >> 32);
      ImmutableIntArray.Builder answers = ImmutableIntArray.builder();
      for (; pair < pairs.length && (int) (pairs[pair] >> 32) == fact; pair++) {
        answers.add((int) pairs[pair]);
      }
      sets.add(answers.build());
    }
    return sets.build();
  }
}
