package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.internal.graph.TrainedFunction;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.immutables.value.Value;

/** All choices of a training; those whose absence means something are told apart from defaults. */
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
  boolean allAnswers() {
    return false;
  }

  @Value.Default
  Dropout dropout() {
    return Dropout.none();
  }

  abstract OptionalLong chosenSeed();

  abstract Optional<Curriculum> chosenCurriculum();

  abstract Optional<Prelude> prelude();

  /** Returns which of several trainings one after another it is, if there are several. */
  abstract Optional<String> part();

  abstract Optional<Epochs> chosenEpochs();

  abstract Optional<Path> checkpoints();

  abstract OptionalInt chosenCheckpointEpochs();

  abstract OptionalInt checkpointSteps();

  abstract Optional<Checkpoint> start();

  /** Returns which checkpoint the one to start from is, as a message ends that names it. */
  abstract Optional<String> lastGood();

  abstract Optional<Cancellation> cancellation();

  abstract ImmutableList<TrainingListener> listeners();

  abstract ImmutableList<TrainingListener.OfSeed> seedListeners();

  final long seed() {
    return chosenSeed().orElse(42);
  }

  final Curriculum curriculum() {
    return chosenCurriculum().orElseGet(Curriculum::byHops);
  }

  final Epochs epochs() {
    return chosenEpochs().orElseGet(() -> Epochs.of(1));
  }

  final int checkpointEpochs() {
    return chosenCheckpointEpochs().orElse(10);
  }

  /** Returns the recurrence in which a stage is trained. */
  final Recurrence recurrence(int stage) {
    return curriculum().recurrence(stage).orElse(model().recurrence());
  }

  /**
   * Returns what is computed in a training.
   *
   * @param first its first stage
   * @param last its last stage
   */
  final TrainedFunction function(int first, int last) {
    return new TrainedFunction(
        model(),
        precision(),
        optimizer(),
        dropout(),
        labelSmoothing(),
        allAnswers(),
        IntStream.rangeClosed(first, last)
            .mapToObj(this::recurrence)
            .collect(ImmutableSet.toImmutableSet()),
        curriculum().isJudgedWhereTheyHalt());
  }

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
    start().ifPresent(checkpoint -> StartingPoint.requireSameFunction(checkpoint, model()));
  }
}
