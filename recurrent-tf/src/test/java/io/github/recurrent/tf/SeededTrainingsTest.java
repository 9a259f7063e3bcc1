package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.Bands.Spread;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.TrainingListener.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeededTrainingsTest {
  private static final MultiHopDataset DATA = SmallTraining.DATA;
  private static final String TYPE = "2hop_test";

  @TempDir Path folder;

  @Test
  void eachSeedTrainsAsItDoesAlone() throws IOException {
    Trainer.SeededTrainings all = trainer().checkpoints(folder).trainSeeds(DATA, 3, 1);

    assertThat(all.checkpoints().keySet()).containsExactly(3L, 1L);
    Checkpoint alone = trainer().seed(1).train(DATA);
    assertThat(all.checkpoints().get(1L)).isEqualTo(alone);
    assertThat(Checkpoint.read(folder.resolve("seed_1/latest"))).isEqualTo(alone);
    assertThat(all.checkpoints().get(3L)).isNotEqualTo(alone);
  }

  @Test
  void accuraciesAreTheMeanAndDeviationOfTheSeeds() throws IOException {
    Trainer.SeededTrainings all = trainer().trainSeeds(DATA, 1, 2, 3);

    double[] last = new double[3];
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(all.evaluations(seed)).extracting(Evaluation::step).containsExactly(4L, 8L);
      last[seed - 1] = all.evaluations(seed).get(1).accuracies().getOrDefault(TYPE, -1.0);
    }
    assertThat(all.accuracy(TYPE)).isEqualTo(Spread.of(last));
    assertThat(all.curve(TYPE).keySet()).containsExactly(4L, 8L);
    assertThat(all.curve(TYPE)).containsEntry(8L, Spread.of(last));
  }

  @Test
  void eachSeedHasAListenerOfItsOwn() throws IOException {
    Map<Long, EvaluationRecord> heard = new HashMap<>();
    Trainer.SeededTrainings all =
        trainer()
            .listenerOfEachSeed(
                seed -> {
                  EvaluationRecord record = EvaluationRecord.create();
                  heard.put(seed, record);
                  return record;
                })
            .trainSeeds(DATA, 3, 1);

    assertThat(heard.keySet()).containsExactlyInAnyOrder(3L, 1L);
    heard.forEach(
        (seed, record) ->
            assertThat(record.evaluations()).hasSize(2).isEqualTo(all.evaluations(seed)));
  }

  @Test
  void aListenerOfSeveralSeedsIsRefusedBeforeAnyTraining() {
    EvaluationRecord shared = EvaluationRecord.create();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().listener(shared).trainSeeds(DATA, 1, 2))
        .withMessageContaining("listenerOfEachSeed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().listenerOfEachSeed(seed -> shared).trainSeeds(DATA, 1, 2))
        .withMessageContaining("the listener of seed 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().listenerOfEachSeed(seed -> shared).train(DATA))
        .withMessageContaining("trainSeeds");
    assertThat(shared.evaluations()).isEmpty();
  }

  @Test
  void seedsMustBeGivenOnceAndBeKnown() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().trainSeeds(DATA))
        .withMessageContaining("there is none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer().trainSeeds(DATA, 7, 8, 7))
        .withMessageContaining("7");
    Trainer.SeededTrainings one = trainer().trainSeeds(DATA, 5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.evaluations(6))
        .withMessageContaining("seed 6, but only [5]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.accuracy("9hop_test"))
        .withMessageContaining("9hop_test");
    assertThat(one.accuracy(TYPE).standardDeviation()).isEqualTo(0, within(0.0));
  }

  private static Trainer trainer() {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(16)
                .layers(1)
                .heads(2)
                .recurrence(Recurrence.fixed(2))
                .build())
        .threads(1)
        .batch(20)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(0).build())
        .curriculum(Curriculum.byHops().stepsPerEpoch(4).epochsPerStage(2).untilAccuracy(0.999));
  }
}
