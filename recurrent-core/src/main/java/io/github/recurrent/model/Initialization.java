package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import org.immutables.value.Value;

/**
 * How parameters are drawn before training: normal embeddings and linear weights, zero biases, unit
 * layer norms. Defaults are the paper's for depth extrapolation (§4). Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Initialization {
  Initialization() {}

  /** Returns a builder with the paper's values. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the paper's initialisation: every loop starts as the identity. */
  public static Initialization zeroProjections() {
    return builder().build();
  }

  /** Returns the published composition scripts' initialisation, without zeroed projections. */
  public static Initialization scripts() {
    return builder().projectionScale(1).build();
  }

  /** Returns the standard deviation of token and position embeddings; 1 by default. */
  @Value.Default
  public double embeddingDeviation() {
    return 1.0;
  }

  /** Returns the standard deviation of linear weights; 0.02 by default. */
  @Value.Default
  public double linearDeviation() {
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
        embeddingDeviation() > 0 && Double.isFinite(embeddingDeviation()),
        "embeddingDeviation must be positive and finite, but is %s",
        embeddingDeviation());
    checkArgument(
        linearDeviation() > 0 && Double.isFinite(linearDeviation()),
        "linearDeviation must be positive and finite, but is %s",
        linearDeviation());
    checkArgument(
        projectionScale() >= 0 && Double.isFinite(projectionScale()),
        "projectionScale must be at least 0 and finite, but is %s",
        projectionScale());
  }

  /** Builds an {@link Initialization}. */
  public static final class Builder extends ImmutableInitialization.Builder {
    Builder() {}
  }
}
