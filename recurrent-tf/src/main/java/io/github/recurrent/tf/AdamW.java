package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.immutables.value.Value;

/**
 * Adam with decoupled weight decay on all parameters, with PyTorch's semantics, a linear warm-up
 * and then a learning rate that is constant or falls linearly. Defaults are the paper's for depth
 * extrapolation. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class AdamW {
  AdamW() {}

  /** Returns a builder with the paper's values. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the paper's values. */
  public static AdamW defaults() {
    return builder().build();
  }

  /** Returns the learning rate after the warm-up; 1e-4 by default. */
  @Value.Default
  public double learningRate() {
    return 1e-4;
  }

  /**
   * Returns the share of a parameter that an update at learning rate 1 would take away; 0.01 by
   * default (the published composition scripts have 0.1).
   */
  @Value.Default
  public double weightDecay() {
    return 0.01;
  }

  /** Returns the decay of the running mean of gradients; 0.9 by default. */
  @Value.Default
  public double beta1() {
    return 0.9;
  }

  /** Returns the decay of the running mean of squared gradients; 0.999 by default. */
  @Value.Default
  public double beta2() {
    return 0.999;
  }

  /** Returns what is added to the root of the bias-corrected second moment; 1e-8 by default. */
  @Value.Default
  public double epsilon() {
    return 1e-8;
  }

  /** Returns the number of updates over which the learning rate rises from 0; 2,000 by default. */
  @Value.Default
  public int warmupSteps() {
    return 2000;
  }

  /**
   * Returns the number of updates, those of the warm-up included, after which the learning rate is
   * 0, if it falls at all: it falls linearly from the end of the warm-up on, as PyTorch's and the
   * published scripts' schedules do. By default it does not fall.
   */
  public abstract OptionalLong decaySteps();

  /** Returns the greatest global norm of a gradient; larger ones are scaled down to it. */
  public abstract OptionalDouble clipNorm();

  /**
   * Returns the learning rate of an update.
   *
   * @param step the number of updates made before it
   */
  final double learningRateAt(long step) {
    if (step < warmupSteps()) {
      return learningRate() * ((step + 1.0) / warmupSteps());
    }
    if (decaySteps().isEmpty()) {
      return learningRate();
    }
    long end = decaySteps().getAsLong();
    return learningRate() * Math.max(0, (double) (end - step) / (end - warmupSteps()));
  }

  /**
   * Returns the learning rate of an update of a cooldown, before its factor: a cooldown begins from
   * the rate that the update before it had, so that a warm-up which is not over does not go on.
   *
   * @param step the number of updates made before it
   * @param cooled the number of those that were of the cooldown
   */
  final double cooledRateAt(long step, long cooled) {
    long last = step - cooled - 1;
    return last < 0 ? learningRateAt(step) : Math.min(learningRateAt(step), learningRateAt(last));
  }

  @Value.Check
  void check() {
    checkArgument(
        learningRate() > 0 && Double.isFinite(learningRate()),
        "learningRate must be positive and finite, but is %s",
        learningRate());
    checkArgument(
        weightDecay() >= 0 && Double.isFinite(weightDecay()),
        "weightDecay must be at least 0 and finite, but is %s",
        weightDecay());
    checkArgument(beta1() >= 0 && beta1() < 1, "beta1 must be in [0, 1), but is %s", beta1());
    checkArgument(beta2() >= 0 && beta2() < 1, "beta2 must be in [0, 1), but is %s", beta2());
    checkArgument(
        epsilon() > 0 && Double.isFinite(epsilon()),
        "epsilon must be positive and finite, but is %s",
        epsilon());
    checkArgument(warmupSteps() >= 0, "warmupSteps must be at least 0, but is %s", warmupSteps());
    decaySteps()
        .ifPresent(
            steps ->
                checkArgument(
                    steps > warmupSteps(),
                    "decaySteps must be more than the %s warm-up steps, but is %s",
                    warmupSteps(),
                    steps));
    clipNorm()
        .ifPresent(norm -> checkArgument(norm > 0, "clipNorm must be positive, but is %s", norm));
  }

  /** Builds an {@link AdamW}. */
  public static final class Builder extends ImmutableAdamW.Builder {
    Builder() {}
  }
}
