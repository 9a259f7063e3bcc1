package io.github.recurrent.dataset;

import io.github.recurrent.random.Seed;

/**
 * Random 64-bit keys of queries, which follow from a seed and the query alone. Distinct queries in
 * the order of their keys are shuffled, wherever and by whichever thread a key is computed.
 * Immutable and thread-safe.
 */
final class QueryKeys {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  QueryKeys(Seed seed) {
    this.seed = seed.value();
  }

  /** Returns the key of the query whose numbers stand from {@code start} to {@code end}. */
  long key(int[] rows, int start, int end) {
    long key = seed;
    for (int i = start; i < end; i++) {
      // The finalizer of SplitMix64: a bijection, so that two queries of a length share a key only
      // by chance.
      key = (key ^ rows[i]) + GOLDEN;
      key = (key ^ key >>> 30) * 0xBF58476D1CE4E5B9L;
      key = (key ^ key >>> 27) * 0x94D049BB133111EBL;
      key ^= key >>> 31;
    }
    return key;
  }
}
