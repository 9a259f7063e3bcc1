package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.listener.JsonLines;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluations of the core read what a training writes. */
class TrainingRecordsTest {
  private static final MultiHopDataset DATA = SmallTraining.DATA;

  @TempDir Path folder;

  @Test
  void linesAndCheckpointsTellTheSameSteps() throws IOException {
    Path lines = folder.resolve("run.jsonl");
    EvaluationRecord heard = EvaluationRecord.create();
    Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(16)
                .layers(1)
                .heads(2)
                .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build())
                .build())
        .threads(1)
        .batch(32)
        .seed(7)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(10).clipNorm(1).build())
        .curriculum(Curriculum.byHops().atomicFirst().upTo(3).stepsPerEpoch(5).untilAccuracy(1e-9))
        .checkpoints(folder.resolve("run"))
        .listener(JsonLines.to(lines))
        .listener(heard)
        .train(DATA);

    CurriculumSteps told = CurriculumSteps.readJsonLines(lines);
    CurriculumSteps kept = CurriculumSteps.readCheckpoints(folder.resolve("run"));
    assertThat(told.stages()).extracting(CurriculumSteps.Stage::hops).contains(1);
    assertThat(told.stages())
        .extracting(CurriculumSteps.Stage::steps)
        .containsExactlyElementsOf(
            kept.stages().stream().map(CurriculumSteps.Stage::steps).toList());
    assertThat(told.setup().provenance()).containsEntry("seed", "7");
    assertThat(kept.setup().provenance()).containsEntry("seed", "7");
    assertThat(told.stages().get(0).seconds()).isPositive();

    LearningRecord learning = LearningRecord.readJsonLines(lines);
    assertThat(learning.evaluations()).hasSameSizeAs(heard.evaluations());
    for (int index = 0; index < heard.evaluations().size(); index++) {
      TrainingListener.Evaluation evaluation = heard.evaluations().get(index);
      assertThat(learning.evaluations().get(index).step()).isEqualTo(evaluation.step());
      assertThat(learning.evaluations().get(index).accuracies()).isEqualTo(evaluation.accuracies());
    }
  }
}
