package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final MultiHopDataset DATA = SmallTraining.DATA;

  @TempDir Path folder;

  @Test
  void atomicStagePassesAndIsTheLearnableDepth() throws IOException {
    List<Integer> passed = new ArrayList<>();
    Checkpoint trained =
        trainer(300)
            .listener(
                new TrainingListener() {
                  @Override
                  public void stagePassed(int stage, Evaluation evaluation) {
                    passed.add(stage);
                  }
                })
            .train(DATA);

    assertThat(passed).containsExactly(1);
    assertThat(trained.provenance())
        .containsEntry("learnable recursion depth", "1")
        .containsEntry("seed", "7")
        .containsEntry("library", LibraryVersion.name());
  }

  @Test
  void trainedModelAnswersTheAtomicFacts() throws IOException {
    Checkpoint trained = trainer(300).train(DATA);

    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      var answers = reasoner.answer(QueryBatch.of(DATA.atomic()), Halting.fixed(2));
      long right = 0;
      for (int fact = 0; fact < DATA.atomic().size(); fact++) {
        right += answers.get(fact).token().equals(DATA.atomic().answer(fact)) ? 1 : 0;
      }
      assertThat(right).isGreaterThanOrEqualTo(17);
    }
  }

  @Test
  void aModelIsJudgedWhereItHaltsOnRequest() throws IOException {
    EvaluationRecord record = EvaluationRecord.create();
    Checkpoint trained =
        trainer(2)
            .curriculum(
                Curriculum.byHops().judgedWhereTheyHalt().stepsPerEpoch(40).epochsPerStage(2))
            .listener(record)
            .train(DATA);

    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      HaltingStudy.Row expected =
          HaltingStudy.of(reasoner, Split.of(ImmutableMap.of("2hop_test", DATA.test(2))))
              .rules(Halting.lengthScaled(3).atMost(3))
              .run()
              .rows()
              .get(0);
      assertThat(expected.meanIterations()).isLessThan(3);
      assertThat(record.accuracy("2hop_test")).isEqualTo(expected.accuracy()).isPositive();
    }
  }

  @Test
  void sameSeedGivesTheSameWeights() throws IOException {
    assertThat(trainer(2).train(DATA).parameters())
        .isEqualTo(trainer(2).train(DATA).parameters())
        .isNotEqualTo(trainer(2).seed(8).train(DATA).parameters());
  }

  @Test
  void rowsThatBeginAlikeDropTheSameValuesOnRequest() throws IOException {
    Dropout apart = Dropout.builder().residual(0.2).build();
    Dropout shared = Dropout.builder().residual(0.2).sharedByPrefix(true).build();

    assertThat(trainer(1).dropout(shared).train(DATA).parameters())
        .isNotEqualTo(trainer(1).dropout(apart).train(DATA).parameters());
  }

  @Test
  void aTrainingThatBreaksOffLeavesACompleteCheckpoint() throws IOException {
    TrainingListener interruption =
        new TrainingListener() {
          @Override
          public void stepped(Step step) {
            if (step.number() == 27) {
              throw new UnknownError("pulled the plug");
            }
          }
        };

    assertThatThrownBy(
            () ->
                trainer(300)
                    .checkpoints(folder)
                    .checkpointEvery(1)
                    .listener(interruption)
                    .train(DATA))
        .hasMessageContaining("pulled the plug");

    Checkpoint left = Checkpoint.read(folder.resolve("latest"));
    assertThat(left.trainingState().orElseThrow().step()).isEqualTo(27);
  }

  @Test
  void divergenceStopsWithStepAndLearningRate() {
    assertThatThrownBy(
            () ->
                trainer(50)
                    .optimizer(AdamW.builder().learningRate(1e30).warmupSteps(0).build())
                    .train(DATA))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("step")
        .hasMessageContaining("1.0E30")
        .hasMessageEndingWith("there is no checkpoint from before");
  }

  @Test
  void aWeightThatIsNotFiniteEndsTheTrainingAndTheCheckpointBeforeStays() throws IOException {
    Trainer trainer = SmallTraining.byCurriculum().checkpoints(folder).checkpointEverySteps(1);
    trainer
        .curriculum(Curriculum.byHops().stepsPerEpoch(3).epochsPerStage(1).untilAccuracy(0.999))
        .train(SmallTraining.DATA);
    Checkpoint good = Checkpoint.read(folder.resolve("latest"));

    assertThatThrownBy(
            () ->
                trainer
                    .curriculum(Curriculum.byHops().stepsPerEpoch(9).epochsPerStage(9))
                    .optimizer(AdamW.builder().learningRate(1e39).warmupSteps(0).build())
                    .startFrom(good)
                    .train(SmallTraining.DATA))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("a weight of")
        .hasMessageEndingWith(
            "the last good checkpoint is the one that the training started from, of step "
                + good.trainingState().orElseThrow().step());

    assertThat(Checkpoint.read(folder.resolve("latest"))).isEqualTo(good);
  }

  @Test
  void aSecondCurriculumThatDivergesNamesTheCheckpointOfTheFirst() {
    assertThatThrownBy(
            () ->
                SmallTraining.byCurriculum()
                    .checkpoints(folder)
                    .first(
                        Curriculum.byHops().upTo(2).stepsPerEpoch(2).untilAccuracy(1e-9),
                        AdamW.builder().learningRate(1e-3).warmupSteps(0).build(),
                        Dropout.none())
                    .curriculum(Curriculum.byHops().stepsPerEpoch(2))
                    .optimizer(AdamW.builder().learningRate(1e39).warmupSteps(0).build())
                    .train(SmallTraining.DATA))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageEndingWith("the last good checkpoint is in " + folder.resolve("latest"));
  }

  @Test
  void aMissingGpuIsNamed() {
    assertThatThrownBy(() -> trainer(1).device(Device.gpu(93)).train(DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no GPU 93");
  }

  @Test
  void vocabularyOfOtherSizeIsRefused() {
    RecurrentDepthTransformer other =
        RecurrentDepthTransformer.builder().vocabularySize(99).width(8).layers(1).heads(2).build();

    assertThatThrownBy(() -> Trainer.of(other).train(DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99");
  }

  @Test
  void compositionTrainingEvaluatesTrainIdAndOodFacts() throws IOException {
    CompositionDataset data = SmallTraining.MANY_TO_ONE;
    List<ImmutableMap<String, Double>> accuracies = new ArrayList<>();
    SmallTraining.onManyToOne()
        .epochs(2)
        .listener(
            new TrainingListener() {
              @Override
              public void evaluated(Evaluation evaluation) {
                accuracies.add(evaluation.accuracies());
              }
            })
        .train(data);

    assertThat(accuracies).hasSize(2);
    assertThat(accuracies.get(0))
        .containsKeys(
            CompositionDataset.TRAIN_INFERRED,
            CompositionDataset.TEST_INFERRED_IID,
            CompositionDataset.TEST_INFERRED_OOD);
  }

  private static Trainer trainer(int epochs) {
    return SmallTraining.thatLearns()
        .curriculum(
            Curriculum.byHops().atomicFirst().upTo(1).stepsPerEpoch(10).epochsPerStage(epochs));
  }

  @Test
  void aFirstCurriculumIsFollowedByTheStagesAfterIt() throws IOException {
    List<String> steps = new ArrayList<>();
    Curriculum easy =
        Curriculum.byHops().atomicFirst().stepsPerEpoch(2).untilAccuracy(1e-9).keepOptimizer();
    Trainer trainer =
        trainer(1)
            .first(
                easy.upTo(2),
                AdamW.builder().learningRate(0.02).warmupSteps(0).build(),
                Dropout.extrapolation())
            .optimizer(AdamW.builder().learningRate(0.01).warmupSteps(0).build())
            .curriculum(easy.upTo(3))
            .checkpoints(folder)
            .listener(
                new TrainingListener() {
                  @Override
                  public void stepped(Step step) {
                    steps.add(step.number() + " " + step.stage() + " " + step.learningRate());
                  }
                });

    Checkpoint trained = trainer.train(DATA);

    assertThat(steps)
        .containsExactly("1 1 0.02", "2 1 0.02", "3 2 0.02", "4 2 0.02", "5 3 0.01", "6 3 0.01");
    assertThat(trained.provenance()).containsEntry("learnable recursion depth", "3");

    steps.clear();
    trainer.startFrom(Checkpoint.read(folder.resolve("stage_1"))).train(DATA);
    assertThat(steps).containsExactly("3 2 0.02", "4 2 0.02", "5 3 0.01", "6 3 0.01");

    steps.clear();
    trainer.startFrom(Checkpoint.read(folder.resolve("stage_2"))).train(DATA);
    assertThat(steps).containsExactly("5 3 0.01", "6 3 0.01");
  }

  @Test
  void theLearningRateFallsFromStageToStageDownToItsLeast() throws IOException {
    List<Double> rates = new ArrayList<>();
    trainer(1)
        .optimizer(AdamW.builder().learningRate(1).warmupSteps(0).build())
        .curriculum(
            Curriculum.byHops()
                .atomicFirst()
                .stepsPerEpoch(1)
                .untilAccuracy(1e-9)
                .rateDecay(0.5, 0.3))
        .listener(
            new TrainingListener() {
              @Override
              public void stepped(Step step) {
                rates.add(step.learningRate());
              }
            })
        .train(DATA);

    assertThat(rates.stream().distinct()).containsExactly(1.0, 0.5, 0.3);
  }

  @Test
  void aForcedStageGoesOnThoughItIsAccurateEnough() throws IOException {
    Map<Integer, Integer> epochs = new TreeMap<>();
    Curriculum easy = Curriculum.byHops().atomicFirst().stepsPerEpoch(1).untilAccuracy(1e-9);
    TrainingListener passed =
        new TrainingListener() {
          @Override
          public void stagePassed(int stage, Evaluation evaluation) {
            epochs.put(stage, evaluation.epoch());
          }
        };

    trainer(1).curriculum(easy).listener(passed).train(DATA);
    assertThat(epochs.get(2)).isLessThan(20);
    trainer(1).curriculum(easy.forcedEpochs(2, 20)).listener(passed).train(DATA);
    assertThat(epochs.get(2)).isGreaterThanOrEqualTo(20);
  }
}
