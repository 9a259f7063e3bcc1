package io.github.recurrent.examples.experiments.figures;

import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Dropout;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;

/**
 * Trainings until a stage fails that are made for figures alone: as those of the depth
 * extrapolation, but a stage has failed after fewer updates.
 */
final class LaptopTraining {
  static final int HOPS = 16;
  private static final int EPOCHS_PER_STAGE = 50;

  /** The first composition takes longest to find. */
  private static final int EPOCHS_OF_FIRST = 100;

  private static final int STEPS_PER_EPOCH = 50;

  private LaptopTraining() {}

  /** Trains into a run's folder, unless the training there has come to its end. */
  static void untilFailure(
      RunFolder run, RecurrentDepthTransformer model, MultiHopDataset data, int hops, long seed)
      throws IOException {
    Trainer trainer =
        Trainer.of(model)
            .batch(256)
            .first(
                stages()
                    .upTo(2)
                    .untilAccuracy(0.9)
                    .epochsPerStage(EPOCHS_OF_FIRST)
                    .atomicShare(0.5),
                optimizer(4e-3, 0.1),
                Dropout.extrapolation())
            .optimizer(optimizer(2e-3, 0.5))
            .curriculum(stages().upTo(hops).rateDecay(0.85, 0.3).atomicShare(0.3))
            .seed(seed)
            .listener(ProgressBar.named(run.name()));
    run.trained(trainer, RunData.of(data), kept -> kept.train(data));
  }

  private static Curriculum stages() {
    return Curriculum.byHops()
        .atomicFirst()
        .untilAccuracy(0.95)
        .stepsPerEpoch(STEPS_PER_EPOCH)
        .epochsPerStage(EPOCHS_PER_STAGE)
        .keepOptimizer();
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
