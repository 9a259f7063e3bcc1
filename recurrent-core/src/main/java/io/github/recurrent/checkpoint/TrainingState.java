package io.github.recurrent.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.model.Parameters;
import org.immutables.value.Value;

/**
 * What a trainer needs, beside the parameters, to continue as if it had not stopped. Random streams
 * need no state: they are addressed by the seed and the step. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class TrainingState {
  TrainingState() {}

  /** Returns a builder; all values without a default must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the number of updates made since training began. */
  public abstract long step();

  /** Returns the number of updates the optimizer has made since it was last made fresh. */
  public abstract long optimizerStep();

  /** Returns the number of epochs completed in the current stage. */
  public abstract int epoch();

  /** Returns the number of updates made in the epoch after those; 0 at the end of an epoch. */
  @Value.Default
  public int epochStep() {
    return 0;
  }

  /** Returns the number of updates made after the last stage, while the rate falls. */
  @Value.Default
  public int cooldownStep() {
    return 0;
  }

  /** Returns the curriculum stage: the greatest number of hops trained on. */
  public abstract int stage();

  /** Returns the root seed of the run. */
  public abstract long seed();

  /** Returns the optimizer's running means of the gradients. */
  public abstract Parameters firstMoments();

  /** Returns the optimizer's running means of the squared gradients. */
  public abstract Parameters secondMoments();

  @Value.Check
  void check() {
    checkArgument(step() >= 0, "step must be at least 0, but is %s", step());
    checkArgument(
        optimizerStep() >= 0, "optimizerStep must be at least 0, but is %s", optimizerStep());
    checkArgument(epoch() >= 0, "epoch must be at least 0, but is %s", epoch());
    checkArgument(epochStep() >= 0, "epochStep must be at least 0, but is %s", epochStep());
    checkArgument(
        cooldownStep() >= 0, "cooldownStep must be at least 0, but is %s", cooldownStep());
    checkArgument(stage() >= 1, "stage must be at least 1, but is %s", stage());
    checkArgument(
        firstMoments().shapes().equals(secondMoments().shapes()),
        "first and second moments must have the same shapes");
  }

  /** Builds a {@link TrainingState}. */
  public static final class Builder extends ImmutableTrainingState.Builder {
    Builder() {}
  }
}
