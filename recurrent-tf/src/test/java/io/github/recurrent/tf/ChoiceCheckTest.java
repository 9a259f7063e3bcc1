package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A choice that would have no effect is refused before anything is trained. */
class ChoiceCheckTest {
  private static final KnowledgeGraph GRAPH =
      KnowledgeGraph.builder().entities(6).relations(3).seed(1).build();
  private static final MultiHopDataset HOPS =
      MultiHopDataset.from(GRAPH).hops(2, 3).trainPerHop(30).testPerHop(10).build();
  private static final CompositionDataset COMPOSITION =
      CompositionDataset.from(GRAPH).oodShare(0.3).heldOutShare(0.1).inferredRatio(1).build();
  private static final Curriculum SHORT =
      Curriculum.byHops().stepsPerEpoch(1).epochsPerStage(1).untilAccuracy(0.999);

  @TempDir Path folder;

  @Test
  void theScheduleOfOtherFactsIsRefused() {
    assertRefused(trainer().epochs(3), "epochs(…) is for composition facts", "curriculum(…)");
    assertRefusedForComposition(
        trainer().curriculum(SHORT.judgedWhereTheyHalt()),
        "curriculum(…) is for multi-hop facts",
        "epochs(…)");
    assertRefusedForComposition(
        trainer().first(SHORT, AdamW.defaults(), Dropout.none()),
        "first(…) is for multi-hop facts",
        "epochs(…)");
  }

  @Test
  void severalSeedsRefuseItToo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().epochs(3).trainSeeds(HOPS, 1, 2))
        .withMessageContaining("epochs(…)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().curriculum(SHORT).trainSeeds(COMPOSITION, 1, 2))
        .withMessageContaining("curriculum(…)");
  }

  @Test
  void whatWasNotChosenStaysADefault() throws IOException {
    assertThat(trainer().epochs(Epochs.of(1).steps(1)).train(COMPOSITION).provenance())
        .containsEntry("seed", "42");
    assertThat(trainer().curriculum(SHORT).train(HOPS).provenance()).containsEntry("seed", "42");
  }

  @Test
  void checkpointsNeedAFolder() throws IOException {
    assertRefused(trainer().curriculum(SHORT).checkpointEvery(3), "checkpointEvery(3)", "folder");
    assertRefused(trainer().curriculum(SHORT).checkpointEverySteps(7), "checkpointEverySteps(7)");
    assertRefusedForComposition(trainer().checkpointEvery(3), "checkpoints(…)");

    trainer().curriculum(SHORT).checkpointEvery(3).checkpoints(folder).train(HOPS);
  }

  @Test
  void aStageThatNeverComesCannotBeForced() {
    assertRefused(
        trainer().curriculum(SHORT.forcedEpochs(4, 1)), "forcedEpochs(4, …)", "stages", "2 to 3");
    assertRefused(trainer().curriculum(SHORT.forcedEpochs(1, 1)), "forcedEpochs(1, …)");
    assertRefused(trainer().curriculum(SHORT.upTo(2).forcedEpochs(3, 1)), "2 to 2");
  }

  @Test
  void aStageThatNeverComesHasNoRecurrence() {
    assertRefused(
        trainer().curriculum(SHORT.recurrence(3, 4, Recurrence.fixed(1))),
        "recurrence(…, R = 1) would be ignored in stage 4",
        "2 to 3");
    assertRefused(
        trainer()
            .first(
                SHORT.upTo(2).recurrence(2, 3, Recurrence.fixed(1)),
                AdamW.defaults(),
                Dropout.none()),
        "in stage 3",
        "2 to 2");
  }

  @Test
  void aStageHasNoMoreIterationsThanTheModel() {
    assertRefused(
        trainer().curriculum(SHORT.recurrence(3, 3, Recurrence.poisson(2).between(1, 4))),
        "stage 3 is to be trained with clip(Poisson(2.0), 1, 4)",
        "R = 1, has at most 1 iterations");
  }

  @Test
  void aFirstCurriculumMustLeaveTheStagesOfTheNextToIt() {
    assertRefused(
        trainer().first(SHORT.upTo(3), AdamW.defaults(), Dropout.none()).curriculum(SHORT.upTo(2)),
        "first(…) is a curriculum up to 3 hops, but the one that follows it ends at 2");
    assertRefused(
        trainer()
            .first(SHORT.upTo(2), AdamW.defaults(), Dropout.none())
            .curriculum(SHORT.atomicFirst()),
        "atomicFirst() would be ignored");
    assertRefused(
        trainer().first(SHORT.upTo(2).forcedEpochs(3, 1), AdamW.defaults(), Dropout.none()),
        "forcedEpochs(3, …)");
  }

  @Test
  void aCurriculumThatDoesNotFitTheDataIsRefusedBeforeTraining() {
    assertRefused(trainer().curriculum(SHORT.upTo(9)), "up to 9 hops", "2 to 3 hops");
  }

  @Test
  void aModelThatTakesNoQueryOfTheLastStageIsRefusedBeforeTraining() {
    RecurrentDepthTransformer short3 =
        RecurrentDepthTransformer.builder()
            .from(model(HOPS.vocabulary()))
            .positions(PositionEncoding.LEARNED)
            .maxPositions(3)
            .build();
    assertRefused(Trainer.of(short3).curriculum(SHORT), "needs 5 positions, but the model has 3");
  }

  @Test
  void severalSeedsRefuseASeedAndTheStateOfATraining() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().seed(5).trainSeeds(HOPS, 1, 2))
        .withMessageContaining("seed(5) would be ignored");
    Checkpoint one = trainer().curriculum(SHORT).train(HOPS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().startFrom(one).trainSeeds(HOPS, 1, 2))
        .withMessageContaining("several seeds cannot continue one training");
  }

  private static void assertRefused(Trainer trainer, String... parts) {
    for (String part : parts) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trainer.listener(new Silence()).train(HOPS))
          .withMessageContaining(part);
    }
  }

  private static void assertRefusedForComposition(Trainer trainer, String... parts) {
    for (String part : parts) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trainer.listener(new Silence()).train(COMPOSITION))
          .withMessageContaining(part);
    }
  }

  /** Fails a training that ends though it should not have begun. */
  private static final class Silence implements TrainingListener {
    @Override
    public void finished(long steps, Duration duration, boolean complete) {
      throw new AssertionError("the training began");
    }
  }

  private static Trainer trainer() {
    return Trainer.of(model(HOPS.vocabulary())).device(Device.cpu()).threads(1).batch(8);
  }

  private static RecurrentDepthTransformer model(Vocabulary vocabulary) {
    return RecurrentDepthTransformer.builder()
        .vocabulary(vocabulary)
        .width(8)
        .layers(1)
        .heads(2)
        .recurrence(Recurrence.fixed(1))
        .build();
  }
}
