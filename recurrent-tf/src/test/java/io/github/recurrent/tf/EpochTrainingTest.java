package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.tf.TrainingListener.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochTrainingTest {
  private static final CompositionDataset DATA = SmallTraining.COMPOSITION;

  @TempDir Path folder;

  @Test
  void atomicEpochsComeFirstAsAStageOfOneHop() throws IOException {
    List<Step> steps = train(Epochs.of(5).atomicFirst(2).steps(3));

    assertThat(steps).hasSize(15);
    assertThat(steps.stream().mapToInt(Step::stage))
        .containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2);
    assertThat(steps.stream().mapToInt(Step::epoch).distinct()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void epochIsAPassOverTheComposedFactsBesideAFixedShareOfAtomicOnes() throws IOException {
    assertThat(DATA.inferred().size()).isEqualTo(70);
    assertThat(train(Epochs.of(1).atomicShare(0.5))).hasSize(14);
  }

  @Test
  void learningRateFallsInTheLastEpochsOnly() throws IOException {
    List<Step> steps = train(Epochs.of(3).steps(2).cooldown(2, 0.2));

    assertThat(steps.stream().map(Step::learningRate).map(rate -> Math.round(rate * 1e4)))
        .containsExactly(100L, 100L, 80L, 60L, 40L, 20L);
  }

  @Test
  void aCooldownBeginsFromTheRateOfAnUnfinishedWarmup() throws IOException {
    List<Step> steps = new ArrayList<>();
    trainer(steps)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(100).build())
        .epochs(Epochs.of(3).steps(2).cooldown(2, 0.2))
        .train(DATA);

    assertThat(steps.stream().map(Step::learningRate).map(rate -> Math.round(rate * 1e6)))
        .containsExactly(100L, 200L, 160L, 120L, 80L, 40L);
  }

  @Test
  void theFirstCheckpointThatReachesAnAccuracyIsKeptAndNamed() throws IOException {
    EvaluationRecord record = EvaluationRecord.create();
    Checkpoint trained =
        trainer(new ArrayList<>())
            .epochs(keeping(4).keep(CompositionDataset.TEST_INFERRED_IID, 1))
            .checkpoints(folder)
            .checkpointEvery(1)
            .listener(record)
            .train(DATA);

    int epoch = record.reached(CompositionDataset.TRAIN_INFERRED, 0.05).orElseThrow().epoch();
    assertThat(trained.provenance())
        .containsEntry("train_inferred 0.05 reached at epoch", Integer.toString(epoch));
    assertThat(trained.provenance().keySet()).noneMatch(name -> name.startsWith("test_inferred"));
    Path kept = folder.resolve("r2_l1/checkpoint_epoch_" + epoch);
    assertThat(folder.resolve("r2_l1").toFile().list())
        .containsExactly("checkpoint_epoch_" + epoch);
    assertThat(Checkpoint.read(kept).trainingState().orElseThrow().step()).isEqualTo(40L * epoch);
    assertThat(Checkpoint.read(folder.resolve("latest"))).isEqualTo(trained);
  }

  @Test
  void aResumedTrainingKeepsNoLaterCheckpointForWhatWasReachedBefore() throws IOException {
    Checkpoint first = trainer(new ArrayList<>()).epochs(keeping(4)).train(DATA);
    assertThat(first.provenance()).containsKey("train_inferred 0.05 reached at epoch");

    Checkpoint more =
        trainer(new ArrayList<>())
            .epochs(keeping(6))
            .startFrom(first)
            .checkpoints(folder)
            .train(DATA);

    assertThat(folder.resolve("r2_l1")).doesNotExist();
    assertThat(more.provenance().get("train_inferred 0.05 reached at epoch"))
        .isEqualTo(first.provenance().get("train_inferred 0.05 reached at epoch"));
  }

  private static Epochs keeping(int count) {
    return Epochs.of(count).steps(40).keep(CompositionDataset.TRAIN_INFERRED, 0.05);
  }

  @Test
  void aCheckpointCannotBeKeptForFactsThatAreNotTested() {
    assertThatThrownBy(() -> train(Epochs.of(1).keep("ood", 0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"ood\"")
        .hasMessageContaining("test_inferred_ood");
    assertThatThrownBy(() -> Epochs.of(1).keep("ood", 0)).hasMessageContaining("(0, 1]");
    assertThatThrownBy(() -> Epochs.of(1).keep("ood", 0.5).keep("ood", 0.6))
        .hasMessageContaining("at 0.5 of ood is kept already");
  }

  @Test
  void choicesThatDoNotFitTheNumberOfEpochsAreRefused() {
    assertThatThrownBy(() -> Epochs.of(0)).hasMessageContaining("at least 1, but are 0");
    assertThatThrownBy(() -> Epochs.of(3).atomicFirst(4))
        .hasMessageContaining("at most the 3 epochs, but is 4");
    assertThatThrownBy(() -> Epochs.of(3).cooldown(4, 0))
        .hasMessageContaining("at most the 3 epochs, but is 4");
    assertThatThrownBy(() -> Epochs.of(3).cooldown(1, 1.5)).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> Epochs.of(3).atomicShare(1)).hasMessageContaining("(0, 1)");
    assertThatThrownBy(() -> Epochs.of(3).steps(0)).hasMessageContaining("at least 1, but are 0");
  }

  private static List<Step> train(Epochs epochs) throws IOException {
    List<Step> steps = new ArrayList<>();
    trainer(steps).epochs(epochs).train(DATA);
    return steps;
  }

  private static Trainer trainer(List<Step> steps) {
    return SmallTraining.byEpochs()
        .batch(10)
        .listener(
            new TrainingListener() {
              @Override
              public void stepped(Step step) {
                steps.add(step);
              }
            });
  }
}
