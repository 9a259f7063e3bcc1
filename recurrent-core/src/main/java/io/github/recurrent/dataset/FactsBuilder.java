package io.github.recurrent.dataset;

import java.util.Arrays;

/** Collects facts of one number of hops. Not thread-safe. */
final class FactsBuilder {
  private static final int MAX_IDS = Integer.MAX_VALUE - 8;

  private final Vocabulary vocabulary;
  private final int hops;
  private int[] ids;
  private int size;

  FactsBuilder(Vocabulary vocabulary, int hops) {
    this.vocabulary = vocabulary;
    this.hops = hops;
    this.ids = new int[8 * (hops + 2)];
  }

  int hops() {
    return hops;
  }

  int size() {
    return size / (hops + 2);
  }

  /**
   * @throws IllegalArgumentException if there are more facts than an array holds
   */
  void add(int[] queryIds, int answerId) {
    long needed = (long) size + hops + 2;
    if (needed > MAX_IDS) {
      throw new IllegalArgumentException(
          "more than " + size() + " facts of " + hops + " hops do not fit into an array");
    }
    if (needed > ids.length) {
      ids = Arrays.copyOf(ids, (int) Math.min(MAX_IDS, Math.max(needed, ids.length * 3L / 2)));
    }
    System.arraycopy(queryIds, 0, ids, size, hops + 1);
    ids[size + hops + 1] = answerId;
    size = (int) needed;
  }

  boolean hasQuery(int fact, int[] queryIds) {
    int row = fact * (hops + 2);
    return Arrays.equals(ids, row, row + hops + 1, queryIds, 0, hops + 1);
  }

  int[] queryIds(int fact) {
    int row = fact * (hops + 2);
    return Arrays.copyOfRange(ids, row, row + hops + 1);
  }

  int answerId(int fact) {
    return ids[fact * (hops + 2) + hops + 1];
  }

  Facts build() {
    return Facts.of(vocabulary, hops, Arrays.copyOf(ids, size));
  }
}
