package io.github.recurrent.internal.random;

import io.github.recurrent.random.Seed;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** The random numbers of a seed. */
public final class RandomStream {
  private RandomStream() {}

  /**
   * Returns a new generator at the start of a seed's stream; the generator is not thread-safe. Data
   * and trainings depend on its algorithm.
   */
  public static UniformRandomProvider of(Seed seed) {
    return RandomSource.XO_SHI_RO_256_PP.create(seed.value());
  }
}
