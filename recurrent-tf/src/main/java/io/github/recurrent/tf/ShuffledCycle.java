package io.github.recurrent.tf;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import org.apache.commons.rng.sampling.ArraySampler;

/**
 * The numbers below a bound, all of them once in random order, then again in another, for ever.
 * Above some bound their order is computed instead of held.
 */
final class ShuffledCycle {
  /** The greatest bound up to which an order is held, at 4 bytes a number. */
  static final int MOST_HELD = 1 << 26;

  private final Seed seed;
  private final int bound;
  private final int[] held;
  private KeyedPermutation computed;
  private long next;
  private long shuffled = -1;

  /**
   * @param skipped how many numbers to leave out at the start
   */
  ShuffledCycle(Seed seed, int bound, long skipped) {
    this(seed, bound, skipped, MOST_HELD);
  }

  ShuffledCycle(Seed seed, int bound, long skipped, int mostHeld) {
    this.seed = seed;
    this.bound = bound;
    this.held = new int[bound > mostHeld ? 0 : bound];
    this.computed = new KeyedPermutation(seed, bound);
    this.next = skipped;
  }

  int next() {
    long cycle = next / bound;
    if (cycle != shuffled) {
      shuffle(seed.child("cycle", cycle));
      shuffled = cycle;
    }
    int index = (int) (next++ % bound);
    return held.length > 0 ? held[index] : computed.get(index);
  }

  private void shuffle(Seed cycleSeed) {
    if (held.length > 0) {
      Arrays.setAll(held, index -> index);
      ArraySampler.shuffle(RandomStream.of(cycleSeed), held);
    } else {
      computed = new KeyedPermutation(cycleSeed, bound);
    }
  }
}
