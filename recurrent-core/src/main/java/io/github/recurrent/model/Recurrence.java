package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.immutables.value.Value;

/**
 * The number of iterations R in which a training batch passes the shared stack (paper §3).
 *
 * <p>Fixed recurrence has the same R for all batches; dynamic recurrence draws one R a batch, for
 * all its rows, from a Poisson distribution with mean λ clipped to a range. Immutable and
 * thread-safe.
 */
@Value.Immutable
public abstract class Recurrence {
  /** The sampler needs less than half the greatest integer. */
  private static final double MOST_LAMBDA = 1 << 29;

  Recurrence() {}

  /**
   * Returns the recurrence with R iterations for every batch.
   *
   * @throws IllegalArgumentException if R is not at least 1
   */
  public static Recurrence fixed(int iterations) {
    return ImmutableRecurrence.builder().min(iterations).max(iterations).lambda(0).build();
  }

  /**
   * Begins a dynamic recurrence, {@code clip(Poisson(lambda), min, max)}; the paper has λ = 4
   * between 2 and 8.
   */
  public static Poisson poisson(double lambda) {
    return new Poisson(lambda);
  }

  /** A Poisson-distributed number of iterations that still needs its bounds. */
  public static final class Poisson {
    private final double lambda;

    private Poisson(double lambda) {
      this.lambda = lambda;
    }

    /**
     * Returns the dynamic recurrence clipped to a range, both ends included.
     *
     * @throws IllegalArgumentException unless λ is positive and at most 2²⁹, and {@code 1 <= min <
     *     max}
     */
    public Recurrence between(int min, int max) {
      checkArgument(
          lambda > 0 && lambda <= MOST_LAMBDA,
          "λ must be positive and at most %s, but is %s",
          MOST_LAMBDA,
          lambda);
      checkArgument(min < max, "dynamic recurrence needs min < max, but has %s and %s", min, max);
      return ImmutableRecurrence.builder().min(min).max(max).lambda(lambda).build();
    }
  }

  /** Returns the least number of iterations. */
  public abstract int min();

  /** Returns the greatest number of iterations. */
  public abstract int max();

  /** Returns the mean λ of the Poisson distribution; 0 for fixed recurrence. */
  public abstract double lambda();

  /** Returns whether the number of iterations differs from batch to batch. */
  public final boolean isDynamic() {
    return lambda() > 0;
  }

  /**
   * Draws the number of iterations of a batch; equal seeds draw the same.
   *
   * @param seed of this batch alone
   */
  public final int sample(Seed seed) {
    if (!isDynamic()) {
      return max();
    }
    return Math.min(
        max(), Math.max(min(), PoissonSampler.of(RandomStream.of(seed), lambda()).sample()));
  }

  @Value.Check
  void check() {
    checkArgument(min() >= 1, "recurrence must be at least 1 iteration, but is %s", min());
  }

  @Override
  public final String toString() {
    return isDynamic()
        ? "clip(Poisson(" + lambda() + "), " + min() + ", " + max() + ")"
        : "R = " + max();
  }
}
