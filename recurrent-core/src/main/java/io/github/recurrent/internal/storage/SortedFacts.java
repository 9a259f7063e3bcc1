package io.github.recurrent.internal.storage;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Distinct facts in the order of their heads, then of their relations, then of their tails.
 * Immutable and thread-safe.
 */
public final class SortedFacts {
  /** The facts of head h are those from {@code firsts[h]} to {@code firsts[h + 1]}. */
  private final int[] firsts;

  private final SmallInts relations;
  private final int[] tails;

  /** The arrays become the facts'; those of a head are sorted by relation, then by tail. */
  public SortedFacts(int[] firsts, SmallInts relations, int[] tails) {
    this.firsts = firsts;
    this.relations = relations;
    this.tails = tails;
  }

  /**
   * Sorts facts, of which those that are repeated count once.
   *
   * @param repeatedHeads gets the heads that have repeated facts
   */
  public static SortedFacts of(
      FactColumns facts, int entities, int relationCount, BitSet repeatedHeads) {
    int[] firsts = new int[entities + 1];
    for (int fact = 0; fact < facts.size(); fact++) {
      firsts[facts.head(fact)]++;
    }
    for (int head = 1; head <= entities; head++) {
      firsts[head] += firsts[head - 1];
    }
    SmallInts relations = SmallInts.of(facts.size(), relationCount);
    int[] tails = new int[facts.size()];
    for (int fact = facts.size() - 1; fact >= 0; fact--) {
      int place = --firsts[facts.head(fact)];
      relations.set(place, facts.relation(fact));
      tails[place] = facts.tail(fact);
    }
    int size = sortHeads(firsts, relations, tails, repeatedHeads);
    return size == tails.length
        ? new SortedFacts(firsts, relations, tails)
        : new SortedFacts(firsts, relations.first(size), Arrays.copyOf(tails, size));
  }

  /** Sorts the facts of each head, moves them up over repeated ones, and returns their number. */
  private static int sortHeads(
      int[] firsts, SmallInts relations, int[] tails, BitSet repeatedHeads) {
    long[] keys = new long[16];
    int next = 0;
    for (int head = 0; head < firsts.length - 1; head++) {
      int first = firsts[head];
      int degree = firsts[head + 1] - first;
      if (keys.length < degree) {
        keys =
            new long[Math.max(degree, (int) Math.min(2L * keys.length, NameTable.LONGEST_ARRAY))];
      }
      for (int index = 0; index < degree; index++) {
        keys[index] = ((long) relations.get(first + index) << Integer.SIZE) | tails[first + index];
      }
      Arrays.sort(keys, 0, degree);
      firsts[head] = next;
      for (int index = 0; index < degree; index++) {
        if (index > 0 && keys[index] == keys[index - 1]) {
          repeatedHeads.set(head);
          continue;
        }
        relations.set(next, (int) (keys[index] >>> Integer.SIZE));
        tails[next] = (int) keys[index];
        next++;
      }
    }
    firsts[firsts.length - 1] = next;
    return next;
  }

  public int entities() {
    return firsts.length - 1;
  }

  public int size() {
    return tails.length;
  }

  /** Returns a head's first fact; for the number of entities, that of all facts. */
  public int first(int head) {
    return firsts[head];
  }

  public int relation(int fact) {
    return relations.get(fact);
  }

  public int tail(int fact) {
    return tails[fact];
  }

  public int head(int fact) {
    // The last head whose facts begin at or before it: heads without facts share their first fact
    // with the next that has some.
    int head = 0;
    int beyond = entities();
    while (beyond - head > 1) {
      int middle = (head + beyond) >>> 1;
      if (firsts[middle] <= fact) {
        head = middle;
      } else {
        beyond = middle;
      }
    }
    return head;
  }

  /** Returns a head's first fact by this relation or a later one. */
  public int first(int head, int relation) {
    int fact = firsts[head];
    int beyond = firsts[head + 1];
    while (fact < beyond) {
      int middle = (fact + beyond) >>> 1;
      if (relations.get(middle) < relation) {
        fact = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return fact;
  }

  /** Returns the number of a fact, or -1 if it is not one of these. */
  public int find(int head, int relation, int tail) {
    int fact = Arrays.binarySearch(tails, first(head, relation), first(head, relation + 1), tail);
    return fact < 0 ? -1 : fact;
  }

  /** Returns the first fact behind those that share a fact's relation, up to the head's last. */
  public int endOfPair(int fact, int endOfHead) {
    int end = fact + 1;
    while (end < endOfHead && relations.get(end) == relations.get(fact)) {
      end++;
    }
    return end;
  }

  /** Returns the facts that are wanted. */
  public SortedFacts kept(BitSet wanted, int relationCount) {
    int size = wanted.cardinality();
    int[] keptFirsts = new int[firsts.length];
    SmallInts keptRelations = SmallInts.of(size, relationCount);
    int[] keptTails = new int[size];
    int next = 0;
    for (int head = 0; head < entities(); head++) {
      keptFirsts[head] = next;
      for (int fact = firsts[head]; fact < firsts[head + 1]; fact++) {
        if (wanted.get(fact)) {
          keptRelations.set(next, relations.get(fact));
          keptTails[next++] = tails[fact];
        }
      }
    }
    keptFirsts[entities()] = next;
    return new SortedFacts(keptFirsts, keptRelations, keptTails);
  }

  /** Returns the bytes of memory that the facts take. */
  public long bytes() {
    return (long) Integer.BYTES * (firsts.length + tails.length)
        + (long) relations.width() * tails.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SortedFacts that
        && Arrays.equals(firsts, that.firsts)
        && relations.sameAs(that.relations)
        && Arrays.equals(tails, that.tails);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tails);
  }
}
