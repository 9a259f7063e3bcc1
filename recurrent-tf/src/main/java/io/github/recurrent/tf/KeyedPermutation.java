package io.github.recurrent.tf;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A random order of the numbers below a bound, any place of which can be computed: a Feistel
 * network on as many bits as the bound needs, whose numbers beyond it are led back into it.
 * Immutable and thread-safe.
 */
final class KeyedPermutation {
  private static final int ROUNDS = 6;

  private final int bound;
  private final int halfBits;
  private final long[] keys = new long[ROUNDS];

  /**
   * @param bound at least 1
   */
  KeyedPermutation(Seed seed, int bound) {
    this.bound = bound;
    // So that two halves hold all numbers below the bound: at most four times as many.
    halfBits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(bound - 1) + 1) / 2);
    UniformRandomProvider random = RandomStream.of(seed);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = random.nextLong();
    }
  }

  /** Returns the number at a place below the bound. */
  int get(int place) {
    long number = place;
    do {
      number = permuted(number);
    } while (number >= bound);
    return (int) number;
  }

  private long permuted(long number) {
    long mask = (1L << halfBits) - 1;
    long left = number >>> halfBits;
    long right = number & mask;
    for (long key : keys) {
      long mixed = (right + key) * 0x9E3779B97F4A7C15L;
      mixed = (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L;
      long swapped = left ^ (mixed >>> 32 & mask);
      left = right;
      right = swapped;
    }
    return left << halfBits | right;
  }
}
