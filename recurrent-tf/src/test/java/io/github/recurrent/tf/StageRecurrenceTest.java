package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A curriculum may say how often the block is applied in which stage. */
class StageRecurrenceTest {
  private static final Recurrence MODEL = Recurrence.poisson(3).between(2, 4);
  private static final Recurrence SHORT = Recurrence.poisson(1.5).between(1, 2);
  private static final Curriculum CURRICULUM =
      Curriculum.byHops()
          .atomicFirst()
          .stepsPerEpoch(20)
          .untilAccuracy(1e-9)
          .forcedEpochs(1, 2)
          .cooldown(15, 0.1);

  /** What a training does in each stage. */
  private static final class Iterations implements TrainingListener {
    private final Map<Integer, Set<Integer>> trained = new TreeMap<>();
    private final Map<Integer, Set<Integer>> judged = new TreeMap<>();

    @Override
    public void stepped(Step step) {
      trained.computeIfAbsent(step.stage(), stage -> new TreeSet<>()).add(step.iterations());
    }

    @Override
    public void evaluated(Evaluation evaluation) {
      judged
          .computeIfAbsent(evaluation.stage(), stage -> new TreeSet<>())
          .add(evaluation.iterations());
    }
  }

  @Test
  void aCurriculumIsAValueThatNamesThem() {
    Curriculum curriculum = CURRICULUM.recurrence(1, 2, SHORT);

    assertThat(curriculum)
        .isEqualTo(CURRICULUM.recurrence(2, 2, SHORT).recurrence(1, 1, SHORT))
        .isNotEqualTo(CURRICULUM)
        .isNotEqualTo(CURRICULUM.recurrence(1, 3, SHORT));
    assertThat(curriculum.toString())
        .contains("{1=clip(Poisson(1.5), 1, 2), 2=clip(Poisson(1.5), 1, 2)}");
    assertThat(curriculum.recurrence(2)).contains(SHORT);
    assertThat(curriculum.recurrence(3)).isEmpty();
    assertThat(curriculum.recurrence(2, 4, MODEL).recurrence(2)).contains(MODEL);
  }

  /** A training that resumes another compares the texts of their curricula. */
  @Test
  void aCurriculumWithoutThemHasTheTextItAlwaysHad() {
    assertThat(CURRICULUM.toString()).doesNotContainIgnoringCase("recurrence");
  }

  @Test
  void stagesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CURRICULUM.recurrence(3, 2, SHORT))
        .withMessageContaining("3 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CURRICULUM.recurrence(0, 2, SHORT))
        .withMessageContaining("0 to 2");
  }

  @Test
  void eachStageIsTrainedAndJudgedByItsOwn() throws IOException {
    Iterations seen = new Iterations();
    trainer()
        .curriculum(CURRICULUM.recurrence(1, 1, SHORT).recurrence(2, 2, Recurrence.fixed(3)))
        .listener(seen)
        .train(SmallTraining.DATA);

    assertThat(seen.trained.get(1)).containsExactly(1, 2);
    assertThat(seen.trained.get(2)).containsExactly(3);
    assertThat(seen.trained.get(3)).containsExactly(2, 3, 4);
    assertThat(seen.judged).isEqualTo(Map.of(1, Set.of(2), 2, Set.of(3), 3, Set.of(4)));
  }

  @Test
  void theCooldownKeepsThatOfTheLastStage() throws IOException {
    Iterations seen = new Iterations();
    trainer()
        .curriculum(CURRICULUM.recurrence(3, 3, Recurrence.fixed(2)))
        .listener(seen)
        .train(SmallTraining.DATA);

    assertThat(seen.trained.get(4)).containsExactly(2);
    assertThat(seen.judged.get(3)).containsExactly(2);
  }

  @Test
  void aCurriculumThatRepeatsTheModelsChangesNoWeight() throws IOException {
    assertThat(
            trainer()
                .curriculum(CURRICULUM.recurrence(1, 3, MODEL))
                .train(SmallTraining.DATA)
                .parameters())
        .isEqualTo(trainer().curriculum(CURRICULUM).train(SmallTraining.DATA).parameters());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void accuracyIsThatOfTheAnswersAfterTheMostIterationsOfTheStage(boolean whereTheyHalt)
      throws IOException {
    Curriculum curriculum =
        Curriculum.byHops()
            .atomicFirst()
            .stepsPerEpoch(60)
            .epochsPerStage(1)
            .untilAccuracy(0.999)
            .recurrence(1, 1, SHORT);
    EvaluationRecord record = EvaluationRecord.create();
    Checkpoint trained =
        trainer()
            .curriculum(whereTheyHalt ? curriculum.judgedWhereTheyHalt() : curriculum)
            .listener(record)
            .train(SmallTraining.DATA);

    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      HaltingStudy.Row expected =
          HaltingStudy.of(
                  reasoner, Split.of(ImmutableMap.of("atomic_facts", SmallTraining.DATA.atomic())))
              .rules(whereTheyHalt ? Halting.lengthScaled(2).atMost(2) : Halting.fixed(2))
              .run()
              .rows()
              .get(0);
      assertThat(record.accuracy("atomic_facts")).isEqualTo(expected.accuracy()).isPositive();
    }
  }

  private static Trainer trainer() {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(SmallTraining.DATA.vocabulary())
                .width(8)
                .layers(1)
                .heads(2)
                .recurrence(MODEL)
                .build())
        .threads(1)
        .batch(8)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(0).build());
  }
}
