package io.github.recurrent.tf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.tf.listener.JsonLines;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training tells of itself. */
class ToldTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final ProgressBar lines = ProgressBar.lines(new PrintStream(console, true, UTF_8));

  private static Curriculum failing() {
    return Curriculum.byHops()
        .atomicFirst()
        .stepsPerEpoch(5)
        .epochsPerStage(2)
        .untilAccuracy(0.999);
  }

  @Test
  void aStageThatFailsIsToldAndCanBeAskedOfTheResult() throws IOException {
    List<TrainingListener.StageFailure> failures = new ArrayList<>();
    Path log = folder.resolve("log.jsonl");
    Checkpoint trained =
        SmallTraining.byCurriculum()
            .curriculum(failing())
            .listener(lines)
            .listener(JsonLines.to(log))
            .listener(
                new TrainingListener() {
                  @Override
                  public void stageFailed(StageFailure failure) {
                    failures.add(failure);
                  }
                })
            .train(SmallTraining.DATA);

    assertThat(failures).hasSize(1);
    TrainingListener.StageFailure failure = failures.get(0);
    assertThat(failure.stage()).isEqualTo(1);
    assertThat(failure.step()).isEqualTo(10);
    assertThat(failure.epochs()).isEqualTo(2);
    assertThat(failure.needed()).isEqualTo(0.999);
    assertThat(failure.best()).isGreaterThanOrEqualTo(failure.accuracy());
    Curriculum.Result result = Curriculum.Result.of(trained);
    assertThat(result.learnableDepth()).isZero();
    assertThat(result.failedStage()).hasValue(1);
    assertThat(result.accuracy()).hasValue(failure.accuracy());
    assertThat(result.needed()).hasValue(0.999);
    assertThat(console.toString(UTF_8))
        .containsPattern("stage 1 failed at step 10: .* needs more than 0.999. Try more epochs");
    assertThat(Files.readString(log)).contains("\"stage_failed\"").contains("\"needed\":0.999");
  }

  @Test
  void aTrainingThatPassesHasNotFailed() throws IOException {
    Checkpoint trained = SmallTraining.byCurriculum().train(SmallTraining.DATA);

    assertThat(Curriculum.Result.of(trained).learnableDepth()).isEqualTo(3);
    assertThat(Curriculum.Result.of(trained).failedStage()).isEmpty();
  }

  @Test
  void epochsHaveNoStageThatCouldFail() throws IOException {
    Checkpoint trained = SmallTraining.byEpochs().train(SmallTraining.COMPOSITION);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Curriculum.Result.of(trained))
        .withMessageContaining("not trained by a curriculum");
  }

  @Test
  void aFailedStageThatIsGivenMoreEpochsGoesOnAndIsForgiven() throws IOException {
    Checkpoint failed =
        SmallTraining.byCurriculum().curriculum(failing()).train(SmallTraining.DATA);
    Checkpoint again =
        SmallTraining.byCurriculum()
            .curriculum(failing())
            .startFrom(failed)
            .train(SmallTraining.DATA);
    Checkpoint passed =
        SmallTraining.byCurriculum()
            .curriculum(failing().epochsPerStage(9).untilAccuracy(1e-9).upTo(1))
            .startFrom(failed)
            .train(SmallTraining.DATA);

    assertThat(Curriculum.Result.of(again)).isEqualTo(Curriculum.Result.of(failed));
    assertThat(Curriculum.Result.of(passed).failedStage()).isEmpty();
  }

  @Test
  void aTrainingThatGoesOnAfterFailuresComesToItsCooldownAndKeepsTheFirst() throws IOException {
    List<String> heard = new ArrayList<>();
    Curriculum going = failing().goOnAfterFailure().upTo(2).cooldown(10, 0.1);
    Trainer trainer =
        SmallTraining.byCurriculum()
            .curriculum(going)
            .checkpoints(folder)
            .listener(
                new TrainingListener() {
                  @Override
                  public void stageFailed(StageFailure failure) {
                    heard.add("failed " + failure.stage());
                  }

                  @Override
                  public void stageForgotten(int stage, double needed, Evaluation evaluation) {
                    heard.add("forgot " + stage);
                  }

                  @Override
                  public void cooldownStarted(long step) {
                    heard.add("cooldown after " + step);
                  }
                });
    Checkpoint trained = trainer.train(SmallTraining.DATA);

    assertThat(heard).containsExactly("failed 1", "failed 2", "cooldown after 20");
    Curriculum.Result result = Curriculum.Result.of(trained);
    assertThat(result.learnableDepth()).isZero();
    assertThat(result.failedStage()).hasValue(1);
    assertThat(folder.resolve("stage_1")).doesNotExist();
    assertThat(folder.resolve("stage_2")).doesNotExist();
    Checkpoint resumed =
        SmallTraining.byCurriculum()
            .curriculum(going.cooldown(15, 0.1))
            .startFrom(trained)
            .train(SmallTraining.DATA);
    assertThat(Curriculum.Result.of(resumed)).isEqualTo(result);
  }

  @Test
  void theSecondPartFollowsAFirstThatGoesOnAfterFailures() throws IOException {
    Checkpoint trained =
        SmallTraining.byCurriculum()
            .first(failing().goOnAfterFailure().upTo(1), AdamW.defaults(), Dropout.none())
            .curriculum(failing().untilAccuracy(1e-9).upTo(2))
            .listener(lines)
            .train(SmallTraining.DATA);

    assertThat(Curriculum.Result.of(trained).learnableDepth()).isZero();
    assertThat(Curriculum.Result.of(trained).failedStage()).hasValue(1);
    assertThat(console.toString(UTF_8)).contains("2 of 2");
  }

  @Test
  void theAccuracyIsTakenAgainAndAgainWhileTheTrainingCoolsDown() throws IOException {
    List<Long> steps = new ArrayList<>();
    SmallTraining.byCurriculum()
        .curriculum(failing().untilAccuracy(1e-9).upTo(1).cooldown(510, 0.1))
        .listener(
            new TrainingListener() {
              private long begin;

              @Override
              public void cooldownStarted(long step) {
                begin = step;
              }

              @Override
              public void evaluated(Evaluation evaluation) {
                if (begin > 0) {
                  steps.add(evaluation.step() - begin);
                }
              }
            })
        .train(SmallTraining.DATA);

    assertThat(steps).containsExactly(250L, 500L, 510L);
  }

  @Test
  void earlierStagesAreEvaluatedAfterTheOneInTraining() throws IOException {
    EvaluationRecord record = EvaluationRecord.create();
    SmallTraining.byCurriculum().listener(record).train(SmallTraining.DATA);

    List<List<String>> types =
        record.evaluations().stream()
            .map(evaluation -> List.copyOf(evaluation.accuracies().keySet()))
            .distinct()
            .toList();
    assertThat(types)
        .containsExactly(
            List.of("atomic_facts"),
            List.of("2hop_test", "atomic_facts"),
            List.of("3hop_test", "atomic_facts", "2hop_test"));
  }

  @Test
  void whatIsForgottenIsToldOnce() throws IOException {
    List<String> forgotten = new ArrayList<>();
    Trainer knowing =
        SmallTraining.byCurriculum()
            .curriculum(failing().untilAccuracy(0.6).epochsPerStage(400).upTo(1));
    Checkpoint known = knowing.train(SmallTraining.DATA);
    assertThat(Curriculum.Result.of(known).learnableDepth()).isEqualTo(1);

    // At this rate nothing stays known.
    SmallTraining.byCurriculum()
        .curriculum(failing().untilAccuracy(0.6).epochsPerStage(4).upTo(2).atomicShare(0.1))
        .optimizer(AdamW.builder().learningRate(1).warmupSteps(0).build())
        .startFrom(known)
        .listener(lines)
        .listener(
            new TrainingListener() {
              @Override
              public void stageForgotten(int stage, double needed, Evaluation evaluation) {
                forgotten.add(
                    stage
                        + " "
                        + (evaluation.accuracies().getOrDefault("atomic_facts", 1.0) <= needed));
              }
            })
        .train(SmallTraining.DATA);

    assertThat(forgotten).containsExactly("1 true");
    assertThat(console.toString(UTF_8)).contains("warning: atomic_facts fell to ");
  }

  @Test
  void theSummariesOfTwoTrainingsSayWhichIsWhich() throws IOException {
    Curriculum easy =
        Curriculum.byHops().atomicFirst().stepsPerEpoch(2).untilAccuracy(1e-9).keepOptimizer();
    Path log = folder.resolve("log.jsonl");
    Checkpoint trained =
        SmallTraining.byCurriculum()
            .first(
                easy.upTo(1),
                AdamW.builder().learningRate(1e-2).warmupSteps(0).build(),
                Dropout.none())
            .curriculum(easy.upTo(2))
            .listener(lines)
            .listener(JsonLines.to(log))
            .train(SmallTraining.DATA);

    assertThat(console.toString(UTF_8))
        .containsPattern("part 1 of 2: [\\d,]+ steps")
        .containsPattern("part 2 of 2: [\\d,]+ steps");
    assertThat(Files.readString(log)).contains("\"part\":\"1 of 2\"", "\"part\":\"2 of 2\"");
    assertThat(trained.provenance()).doesNotContainKey(TrainingListener.PART);
  }

  @Test
  void aTrainingWhoseFirstPartFailsEndsThere() throws IOException {
    Checkpoint trained =
        SmallTraining.byCurriculum()
            .first(failing(), AdamW.defaults(), Dropout.none())
            .listener(lines)
            .train(SmallTraining.DATA);

    assertThat(Curriculum.Result.of(trained).failedStage()).hasValue(1);
    assertThat(console.toString(UTF_8)).doesNotContain("2 of 2");
  }

  @Test
  void theGreatestNumbersOfUpdatesAreKnownAtEveryStage() throws IOException {
    List<String> bounds = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void bounded(long stageEnd, long end) {
            bounds.add(stageEnd + " " + end);
          }
        };
    SmallTraining.byCurriculum().listener(listener).train(SmallTraining.DATA);
    SmallTraining.byEpochs().listener(listener).train(SmallTraining.COMPOSITION);

    // Stages of at most 15 updates pass after 10; then the cooldown, then the composition's epochs.
    assertThat(bounds).containsExactly("15 50", "25 45", "35 40", "35 35", "5 20", "20 20");
  }

  @Test
  void theCooldownOfACurriculumBeginsFromTheRateReached() throws IOException {
    List<Double> rates = new ArrayList<>();
    SmallTraining.byCurriculum()
        .optimizer(AdamW.builder().learningRate(1).warmupSteps(1000).build())
        .curriculum(
            Curriculum.byHops().upTo(2).stepsPerEpoch(4).untilAccuracy(1e-9).cooldown(2, 0.5))
        .listener(
            new TrainingListener() {
              @Override
              public void stepped(Step step) {
                rates.add(step.learningRate());
              }
            })
        .train(SmallTraining.DATA);

    double reached = rates.get(rates.size() - 3);
    assertThat(reached).isLessThan(0.5);
    assertThat(rates.subList(rates.size() - 2, rates.size()))
        .containsExactly(reached * 0.75, reached * 0.5);
  }

  @Test
  void aFallWithinTheErrorOfASampleIsNotOneForSure() {
    // Wilson's interval of 230 right answers of 256 is [0.839, 0.938].
    assertThat(WilsonInterval.upper(230 / 256.0, 256)).isBetween(0.937, 0.939);
    assertThat(WilsonInterval.upper(0, 256)).isBetween(0.025, 0.026);
    assertThat(WilsonInterval.upper(1, 256)).isBetween(0.9999, 1.0001);
    assertThat(WilsonInterval.isBelow(0.9, 10, 0.95)).isFalse();
    assertThat(WilsonInterval.isBelow(230 / 256.0, 256, 0.93)).isFalse();
    assertThat(WilsonInterval.isBelow(230 / 256.0, 256, 0.95)).isTrue();
  }
}
