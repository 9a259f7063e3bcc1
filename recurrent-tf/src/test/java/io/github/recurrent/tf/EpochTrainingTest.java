package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.TrainingListener.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochTrainingTest {
  private static final CompositionDataset DATA =
      CompositionDataset.from(KnowledgeGraph.builder().entities(10).relations(5).seed(1).build())
          .oodShare(0.3)
          .heldOutShare(0.1)
          .inferredRatio(2)
          .build();

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
    List<Step> steps = train(Epochs.of(3).steps(2).polish(2, 0.2));

    assertThat(steps.stream().map(Step::learningRate).map(rate -> Math.round(rate * 1e4)))
        .containsExactly(100L, 100L, 80L, 60L, 40L, 20L);
  }

  @Test
  void trainingResumedInTheAtomicEpochsContinuesAsIfItHadNotStopped() throws IOException {
    assertThatResumes(1);
  }

  @Test
  void trainingResumedAfterTheAtomicEpochsContinuesAsIfItHadNotStopped() throws IOException {
    assertThatResumes(3);
  }

  private void assertThatResumes(int epoch) throws IOException {
    Epochs epochs = Epochs.of(4).atomicFirst(2).steps(3).atomicShare(0.3).polish(1, 0.1);
    List<Step> whole = new ArrayList<>();
    trainer(whole).epochs(epochs).checkpoints(folder).checkpointEvery(1).train(DATA);
    List<Step> resumed = new ArrayList<>();
    trainer(resumed)
        .epochs(epochs)
        .startFrom(Checkpoint.read(folder.resolve("checkpoint_epoch_" + epoch)))
        .train(DATA);

    assertThat(resumed).hasSize(12 - 3 * epoch);
    for (int step = 0; step < resumed.size(); step++) {
      assertThat(resumed.get(step).loss())
          .isCloseTo(whole.get(3 * epoch + step).loss(), within(1e-4));
    }
  }

  @Test
  void choicesThatDoNotFitTheNumberOfEpochsAreRefused() {
    assertThatThrownBy(() -> Epochs.of(0)).hasMessageContaining("at least 1, but are 0");
    assertThatThrownBy(() -> Epochs.of(3).atomicFirst(4))
        .hasMessageContaining("at most the 3 epochs, but is 4");
    assertThatThrownBy(() -> Epochs.of(3).polish(4, 0))
        .hasMessageContaining("at most the 3 epochs, but is 4");
    assertThatThrownBy(() -> Epochs.of(3).polish(1, 1.5)).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> Epochs.of(3).atomicShare(1)).hasMessageContaining("(0, 1)");
    assertThatThrownBy(() -> Epochs.of(3).steps(0)).hasMessageContaining("at least 1, but are 0");
  }

  private static List<Step> train(Epochs epochs) throws IOException {
    List<Step> steps = new ArrayList<>();
    trainer(steps).epochs(epochs).train(DATA);
    return steps;
  }

  private static Trainer trainer(List<Step> steps) {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(8)
                .layers(1)
                .heads(2)
                .recurrence(Recurrence.fixed(2))
                .build())
        .threads(1)
        .batch(10)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(0).build())
        .listener(
            new TrainingListener() {
              @Override
              public void stepped(Step step) {
                steps.add(step);
              }
            });
  }
}
