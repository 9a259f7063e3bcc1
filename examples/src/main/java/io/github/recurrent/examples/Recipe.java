package io.github.recurrent.examples;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Presets;
import io.github.recurrent.tf.ProgressBar;
import io.github.recurrent.tf.Trainer;
import java.io.IOException;
import java.util.OptionalDouble;
import org.immutables.value.Value;

/** The choices of a training for depth extrapolation; by default those of the laptop's preset. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class Recipe {
  @Value.Default
  Recurrence recurrence() {
    return Recurrence.poisson(4).between(2, 8);
  }

  @Value.Default
  boolean inputInjection() {
    return false;
  }

  @Value.Default
  Initialization initialization() {
    return Initialization.builder().embeddingDeviation(0.02).build();
  }

  /** Returns the slopes of the two heads' linear biases, or none. */
  abstract ImmutableList<Double> attentionSlopes();

  @Value.Default
  double weightDecay() {
    return 0.5;
  }

  /** Returns the share of atomic facts in a batch; none if every fact is drawn alike. */
  @Value.Default
  OptionalDouble atomicShare() {
    return OptionalDouble.of(0.3);
  }

  @Value.Default
  int hops() {
    return 5;
  }

  @Value.Default
  int polishSteps() {
    return 7000;
  }

  /** Returns the share of the learning rate that is left at the end of the polish. */
  @Value.Default
  double finalRate() {
    return 0.02;
  }

  /** Trains up to the recipe's hops. */
  Checkpoint train(MultiHopDataset data, long seed) throws IOException {
    Curriculum curriculum =
        stages().untilAccuracy(0.9).epochsPerStage(200).upTo(hops()).keepOptimizer();
    if (atomicShare().isPresent()) {
      curriculum = curriculum.atomicShare(atomicShare().getAsDouble());
    }
    return train(data, seed, curriculum.polish(polishSteps(), finalRate()));
  }

  /** Trains until a stage fails, to find the learnable recursion depth. */
  Checkpoint trainUntilFailure(MultiHopDataset data, long seed) throws IOException {
    Curriculum curriculum = LaptopExtrapolation.untilFailure(data.maxHops());
    if (atomicShare().isPresent()) {
      curriculum = curriculum.atomicShare(atomicShare().getAsDouble());
    }
    return train(data, seed, curriculum);
  }

  private static Curriculum stages() {
    return Curriculum.byHops().atomicFirst().untilAccuracy(0.95).stepsPerEpoch(50);
  }

  private Checkpoint train(MultiHopDataset data, long seed, Curriculum curriculum)
      throws IOException {
    RecurrentDepthTransformer model =
        Presets.laptopExtrapolation()
            .model(data.vocabulary())
            .recurrence(recurrence())
            .inputInjection(inputInjection())
            .attentionSlopes(attentionSlopes())
            .initialization(initialization())
            .build();
    return Trainer.of(model)
        .batch(256)
        .first(
            stages()
                .untilAccuracy(0.9)
                .epochsPerStage(200)
                .upTo(2)
                .atomicShare(0.5)
                .keepOptimizer(),
            optimizer(4e-3, 0.1),
            Dropout.extrapolation())
        .optimizer(optimizer(2e-3, weightDecay()))
        .curriculum(curriculum)
        .seed(seed)
        .listener(ProgressBar.create())
        .train(data);
  }

  private static AdamW optimizer(double learningRate, double weightDecay) {
    return AdamW.builder()
        .learningRate(learningRate)
        .warmupSteps(200)
        .weightDecay(weightDecay)
        .beta2(0.95)
        .clipNorm(1)
        .build();
  }
}
