package io.github.recurrent.examples.experiments;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;
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
    return Initialization.builder().embeddingStandardDeviation(0.02).build();
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
  int cooldownSteps() {
    return 7000;
  }

  /** Returns the share of the learning rate that is left at the end of the cooldown. */
  @Value.Default
  double finalRate() {
    return 0.02;
  }

  /** Returns the model. */
  RecurrentDepthTransformer model(Vocabulary vocabulary) {
    return Preset.laptopExtrapolation()
        .model(vocabulary)
        .recurrence(recurrence())
        .inputInjection(inputInjection())
        .attentionSlopes(attentionSlopes())
        .initialization(initialization())
        .build();
  }

  /** Returns the training of atomic facts and of two hops, which depends on the model alone. */
  static Trainer prelude(RecurrentDepthTransformer model) {
    return trainer(model, optimizer(4e-3, 0.1))
        .dropout(Dropout.extrapolation())
        .curriculum(stages().untilAccuracy(0.9).epochsPerStage(200).upTo(2).atomicShare(0.5));
  }

  /** Returns the training after the prelude, up to the recipe's hops. */
  Trainer toItsHops(Checkpoint prelude) {
    Curriculum curriculum = stages().untilAccuracy(0.9).epochsPerStage(200).upTo(hops());
    return after(prelude, withShare(curriculum).cooldown(cooldownSteps(), finalRate()));
  }

  /** Returns the training after the prelude that ends when a stage fails. */
  Trainer untilFailure(Checkpoint prelude, int hops) {
    return after(prelude, withShare(LaptopExtrapolation.untilFailure(hops)));
  }

  private Trainer after(Checkpoint prelude, Curriculum curriculum) {
    return trainer(prelude.model(), optimizer(2e-3, weightDecay()))
        .curriculum(curriculum)
        .startFrom(prelude);
  }

  private Curriculum withShare(Curriculum curriculum) {
    return atomicShare().isPresent()
        ? curriculum.atomicShare(atomicShare().getAsDouble())
        : curriculum;
  }

  private static Curriculum stages() {
    return Curriculum.byHops().atomicFirst().stepsPerEpoch(50).keepOptimizer();
  }

  private static Trainer trainer(RecurrentDepthTransformer model, AdamW optimizer) {
    return Trainer.of(model).batch(256).optimizer(optimizer);
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
