package io.github.recurrent.tf;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.ArraySampler;

/** The numbers below a bound, all of them once in random order, then again in another, for ever. */
final class ShuffledCycle {
  private final Seed seed;
  private final int[] order;
  private long next;
  private long shuffled = -1;

  /**
   * @param skipped how many numbers to leave out at the start
   */
  ShuffledCycle(Seed seed, int bound, long skipped) {
    this.seed = seed;
    this.order = new int[bound];
    this.next = skipped;
  }

  int next() {
    long cycle = next / order.length;
    if (cycle != shuffled) {
      System.arraycopy(IntStream.range(0, order.length).toArray(), 0, order, 0, order.length);
      ArraySampler.shuffle(RandomStream.of(seed.child("cycle", cycle)), order);
      shuffled = cycle;
    }
    return order[(int) (next++ % order.length)];
  }
}
