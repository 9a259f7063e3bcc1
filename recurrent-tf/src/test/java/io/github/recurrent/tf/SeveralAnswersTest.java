package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.Ints;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings on queries that have several right answers. */
class SeveralAnswersTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(SmallGraphs.random(10, 3, 60, 1))
          .hops(2, 2)
          .allWhereFewerExist(0.2)
          .build();

  @TempDir Path folder;

  @Test
  void eachRightAnswerIsTrainedOnAboutAsOften() {
    Facts facts = DATA.train(2);
    FactPool pool = new FactPool(List.of(facts), Seed.of(3), 0);
    Map<List<Integer>, Map<Integer, Integer>> drawn = new HashMap<>();
    int rounds = 400;
    BatchBuilder batch = new BatchBuilder();
    for (int draw = 0; draw < rounds * facts.size(); draw++) {
      pool.draw(batch);
    }
    int[] answers = batch.answers();
    for (int row = 0; row < answers.length; row++) {
      int[] query = batch.queries().get(row);
      drawn
          .computeIfAbsent(Ints.asList(query), unused -> new HashMap<>())
          .merge(answers[row], 1, Integer::sum);
    }

    int several = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      Map<Integer, Integer> counts =
          drawn.getOrDefault(Ints.asList(facts.queryIds(fact)), Map.of());
      List<Integer> right = facts.answerIds(fact).asList();
      several += right.size() > 1 ? 1 : 0;
      assertThat(counts).containsOnlyKeys(right.toArray(Integer[]::new));
      double even = (double) rounds / right.size();
      assertThat(counts.values())
          .allSatisfy(count -> assertThat(count).isBetween((int) (even / 2), (int) (even * 2)));
    }
    assertThat(several).isGreaterThan(10);
  }

  @Test
  void theAnswersOfAPoolDependOnTheNumberOfFactsDrawnBefore() {
    List<Facts> parts = List.of(DATA.train(2), DATA.atomic());
    BatchBuilder whole = new BatchBuilder();
    FactPool pool = new FactPool(parts, Seed.of(3), 0);
    for (int draw = 0; draw < 500; draw++) {
      pool.draw(whole);
    }
    BatchBuilder rest = new BatchBuilder();
    FactPool resumed = new FactPool(parts, Seed.of(3), 123);
    for (int draw = 123; draw < 500; draw++) {
      resumed.draw(rest);
    }

    assertThat(rest.answers()).isEqualTo(Arrays.copyOfRange(whole.answers(), 123, 500));
  }

  @Test
  void aTrainingOnAllAnswersLearnsThemAlike() throws IOException {
    Facts atomic = DATA.atomic();
    Checkpoint trained =
        trainer(32)
            .allAnswers(true)
            .batch(64)
            .optimizer(AdamW.builder().learningRate(3e-3).warmupSteps(0).build())
            .curriculum(
                Curriculum.byHops()
                    .atomicFirst()
                    .atomicShare(0.5)
                    .stepsPerEpoch(300)
                    .untilAccuracy(1e-9)
                    .upTo(2)
                    .cooldown(300, 0.01))
            .train(DATA);
    try (TensorFlowReasoner reasoner = TensorFlowReasoner.of(trained)) {
      for (int fact = 0; fact < atomic.size(); fact++) {
        List<Integer> right = atomic.answerIds(fact).asList();
        Answer answer = reasoner.answer(atomic.query(fact), Halting.fixed(2));
        assertThat(
                right.stream().mapToDouble(id -> answer.distribution().probability(id)).toArray())
            .as("%s", atomic.query(fact))
            .containsExactly(
                right.stream().mapToDouble(id -> 1.0 / right.size()).toArray(), within(0.15));
      }
    }
    assertThat(trained.provenance()).containsEntry("answers", "all");
  }

  // In the atomic stage, in that of two hops, and in the cooldown.
  @ParameterizedTest
  @ValueSource(longs = {7, 33, 55})
  void aTrainingGoesOnAsIfItHadNotStopped(long step) throws IOException {
    Checkpoint whole = trainer().train(DATA);
    Cancellation cancellation = Cancellation.create();
    assertThatThrownBy(
            () ->
                trainer()
                    .checkpoints(folder)
                    .cancellation(cancellation)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step made) {
                            if (made.number() == step) {
                              cancellation.cancel();
                            }
                          }
                        })
                    .train(DATA))
        .isInstanceOf(CancellationException.class);

    Checkpoint resumed = trainer().startFrom(Checkpoint.read(folder.resolve("latest"))).train(DATA);

    assertThat(resumed.parameters()).isEqualTo(whole.parameters());
    assertThat(resumed.trainingState()).isEqualTo(whole.trainingState());
  }

  private static Trainer trainer() {
    return trainer(8);
  }

  private static Trainer trainer(int width) {
    return Trainer.of(
            RecurrentDepthTransformer.builder()
                .vocabulary(DATA.vocabulary())
                .width(width)
                .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build())
                .layers(1)
                .heads(2)
                .recurrence(Recurrence.fixed(2))
                .build())
        .threads(1)
        .batch(8)
        .optimizer(AdamW.builder().learningRate(1e-2).warmupSteps(0).build())
        .curriculum(
            Curriculum.byHops()
                .atomicFirst()
                .stepsPerEpoch(20)
                .untilAccuracy(1e-9)
                .keepOptimizer()
                .cooldown(20, 0.1));
  }
}
