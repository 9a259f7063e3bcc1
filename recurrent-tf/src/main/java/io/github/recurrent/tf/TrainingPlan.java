package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/** All choices of a training. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class TrainingPlan {
  abstract RecurrentDepthTransformer model();

  @Value.Default
  Execution execution() {
    return ImmutableExecution.builder().build();
  }

  @Value.Default
  Precision precision() {
    return Precision.FP32;
  }

  @Value.Default
  AdamW optimizer() {
    return AdamW.defaults();
  }

  @Value.Default
  int batch() {
    return 128;
  }

  @Value.Default
  double labelSmoothing() {
    return 0;
  }

  @Value.Default
  Dropout dropout() {
    return Dropout.none();
  }

  @Value.Default
  long seed() {
    return 42;
  }

  @Value.Default
  Curriculum curriculum() {
    return Curriculum.byHops();
  }

  abstract Optional<Prelude> prelude();

  /** Returns which of several trainings one after another it is, if there are several. */
  abstract Optional<String> part();

  @Value.Default
  Epochs epochs() {
    return Epochs.of(1);
  }

  abstract Optional<Path> checkpoints();

  @Value.Default
  int checkpointEpochs() {
    return 10;
  }

  abstract OptionalInt checkpointSteps();

  abstract Optional<Checkpoint> start();

  abstract Optional<Cancellation> cancellation();

  abstract ImmutableList<TrainingListener> listeners();

  @Value.Check
  void check() {
    checkArgument(batch() >= 1, "batch must be at least 1, but is %s", batch());
    checkArgument(
        labelSmoothing() >= 0 && labelSmoothing() < 1,
        "labelSmoothing must be in [0, 1), but is %s",
        labelSmoothing());
    checkArgument(
        checkpointEpochs() >= 1,
        "checkpointEvery must be at least 1 epoch, but is %s",
        checkpointEpochs());
    checkpointSteps()
        .ifPresent(
            steps ->
                checkArgument(
                    steps >= 1, "checkpointEverySteps must be at least 1, but is %s", steps));
    start()
        .ifPresent(
            checkpoint ->
                checkArgument(
                    checkpoint.parameters().shapes().equals(model().parameterShapes()),
                    "the checkpoint to start from is of another model, %s",
                    checkpoint.model()));
  }
}
