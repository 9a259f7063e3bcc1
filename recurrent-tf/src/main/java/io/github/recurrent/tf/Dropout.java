package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import org.immutables.value.Value;

/**
 * The shares of values set to zero in training, each in [0, 1). Immutable and thread-safe.
 *
 * <p>The published scripts have 0.1 on attention and residual branches, and for two-hop composition
 * also 0.1 on the embeddings; the default here is none.
 */
@Value.Immutable
public abstract class Dropout {
  Dropout() {}

  /** Returns a builder; rates that are not given are 0. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns no dropout at all. */
  public static Dropout none() {
    return builder().build();
  }

  /** Returns the published scripts' rates for depth extrapolation. */
  public static Dropout extrapolation() {
    return builder().attention(0.1).residual(0.1).build();
  }

  /** Returns the published scripts' rates for two-hop composition. */
  public static Dropout composition() {
    return builder().embedding(0.1).attention(0.1).residual(0.1).build();
  }

  /** Returns the rate on the embeddings. */
  @Value.Default
  public double embedding() {
    return 0;
  }

  /** Returns the rate on the attention probabilities. */
  @Value.Default
  public double attention() {
    return 0;
  }

  /** Returns the rate on what attention and MLP add to the hidden state. */
  @Value.Default
  public double residual() {
    return 0;
  }

  /**
   * Returns whether rows of a batch that begin with the same tokens drop the same values there;
   * false by default, as in the published scripts. Such tokens are then computed once for all these
   * rows, as they are without dropout: on small graphs a step takes less time.
   */
  @Value.Default
  public boolean sharedByPrefix() {
    return false;
  }

  @Value.Check
  void check() {
    checkRate("embedding", embedding());
    checkRate("attention", attention());
    checkRate("residual", residual());
  }

  private static void checkRate(String name, double rate) {
    checkArgument(rate >= 0 && rate < 1, "%s dropout must be in [0, 1), but is %s", name, rate);
  }

  /** Builds a {@link Dropout}. */
  public static final class Builder extends ImmutableDropout.Builder {
    Builder() {}
  }
}
