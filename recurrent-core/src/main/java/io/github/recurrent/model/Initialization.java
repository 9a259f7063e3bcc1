package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import org.immutables.value.Value;

/**
 * How parameters are drawn before training: normal embeddings and linear weights, zero biases, unit
 * layer norms. Defaults are the paper's for depth extrapolation (§4). Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Initialization {
  /** Weights drawn with the greatest values are far from the greatest 32-bit float. */
  private static final double MOST = 1e9;

  Initialization() {}

  /** Returns a builder with the paper's values. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the paper's initialization: every loop starts as the identity. */
  public static Initialization zeroProjections() {
    return builder().build();
  }

  /** Returns the published composition scripts' initialization, without zeroed projections. */
  public static Initialization scripts() {
    return builder().projectionScale(1).build();
  }

  /** Returns the standard deviation of token and position embeddings; 1 by default. */
  @Value.Default
  public double embeddingStandardDeviation() {
    return 1.0;
  }

  /** Returns the standard deviation of linear weights; 0.02 by default. */
  @Value.Default
  public double linearStandardDeviation() {
    return 0.02;
  }

  /**
   * Returns the factor on both output projections ({@code c_proj} of attention and of the MLP); 0
   * by default, so that each loop starts as the identity (paper §4, app. F).
   */
  @Value.Default
  public double projectionScale() {
    return 0.0;
  }

  @Value.Check
  void check() {
    checkArgument(
        embeddingStandardDeviation() > 0 && embeddingStandardDeviation() <= MOST,
        "embeddingStandardDeviation must be positive and at most %s, but is %s",
        MOST,
        embeddingStandardDeviation());
    checkArgument(
        linearStandardDeviation() > 0 && linearStandardDeviation() <= MOST,
        "linearStandardDeviation must be positive and at most %s, but is %s",
        MOST,
        linearStandardDeviation());
    checkArgument(
        projectionScale() >= 0 && projectionScale() <= MOST,
        "projectionScale must be at least 0 and at most %s, but is %s",
        MOST,
        projectionScale());
  }

  /** Builds an {@link Initialization}. */
  public static final class Builder extends ImmutableInitialization.Builder {
    Builder() {}
  }
}
