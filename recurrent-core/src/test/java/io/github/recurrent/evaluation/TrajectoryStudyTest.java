package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.ReferenceReasoner;
import io.github.recurrent.reasoning.Trajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrajectoryStudyTest {
  private static final PyTorchFixture PYTORCH = PyTorchFixture.nope();
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(20).relations(5).build())
          .hops(2, 4)
          .trainPerHop(50)
          .testPerHop(24)
          .build();
  private static final Split SPLIT = DATA.test();

  /** After iterations 1, 2, 4, 8 and 12 of PyTorch, here the first five. */
  private static final List<ImmutableList<float[]>> LOGITS =
      ImmutableList.copyOf(PYTORCH.logits().values());

  private static Split held(int hops) {
    return Split.of(ImmutableMap.of(hops + "hop_test", DATA.test(hops)));
  }

  private static RecordedReasoner recorded() {
    return new RecordedReasoner(DATA.vocabulary(), LOGITS);
  }

  @Test
  void marginsAndFirstHitsAreThoseOfPyTorchsLogits() {
    Facts facts = DATA.test(3);
    LogitMargins.Row row =
        LogitMargins.of(recorded(), held(3)).iterations(1, 5).run().row("3hop_test");

    int hits = 0;
    int hitIterations = 0;
    boolean[] hasHit = new boolean[facts.size()];
    for (int iteration = 1; iteration <= 5; iteration++) {
      double sum = 0;
      int right = 0;
      for (int fact = 0; fact < facts.size(); fact++) {
        float[] logits = LOGITS.get(iteration - 1).get(fact);
        int answer = facts.answerId(fact);
        double other =
            IntStream.range(0, logits.length)
                .filter(id -> id != answer)
                .mapToDouble(id -> logits[id])
                .max()
                .orElseThrow();
        sum += logits[answer] - other;
        if (logits[answer] > other) {
          right++;
          if (!hasHit[fact]) {
            hasHit[fact] = true;
            hits++;
            hitIterations += iteration;
          }
        }
      }
      assertThat(row.margin(iteration)).isCloseTo(sum / facts.size(), within(1e-5));
      assertThat(row.accuracy(iteration)).isEqualTo((double) right / facts.size());
    }
    assertThat(hits).as("the check needs a row that hits").isPositive();
    assertThat(row.hitShare()).isEqualTo((double) hits / facts.size());
    assertThat(row.firstHit()).isEqualTo((double) hitIterations / hits);
  }

  @Test
  void rowsSettleWherePyTorchsDo() {
    try (Reasoner reasoner = ReferenceReasoner.of(PYTORCH.checkpoint())) {
      Trajectory trajectory = reasoner.trajectory(PYTORCH.batch(), PYTORCH.iterations());

      PYTORCH
          .halting()
          .forEach(
              (halting, expected) ->
                  assertThat(
                          IntStream.range(0, trajectory.rows())
                              .map(
                                  row ->
                                      Settling.of(trajectory, row, PYTORCH.iterations())
                                          .haltingIteration(halting))
                              .boxed())
                      .as(halting.toString())
                      .containsExactlyElementsOf(expected));
    }
  }

  @Test
  void rulesOnOneTrajectoryAnswerAsEachAlone() {
    Halting[] rules = {
      Halting.kl(0.05).atMost(6),
      Halting.klAndEntropy(0.05, 2.9).atMost(6),
      Halting.stableAnswer(2).atMost(5),
      Halting.fixed(4),
      Halting.klAndEntropy(0.05, 2.9).atMost(6).amongEntities(),
      Halting.hiddenChange(0.3).atMost(6)
    };
    try (Reasoner reasoner = ReferenceReasoner.of(small())) {
      HaltingStudy together =
          HaltingStudy.of(reasoner, SPLIT).types(TrajectoryStudyTest::isTest).rules(rules).run();

      assertThat(together.rules()).hasSize(rules.length);
      assertThat(together.rows()).hasSize(rules.length * 3);
      for (Halting rule : rules) {
        HaltingStudy alone =
            HaltingStudy.of(reasoner, SPLIT).types(TrajectoryStudyTest::isTest).rules(rule).run();
        assertThat(together.rows(rule.toString())).isEqualTo(alone.rows());
      }
      assertThat(together.rows(rules[0].toString()).get(0).meanIterations())
          .as("the rules must differ for the check to count")
          .isNotEqualTo(together.rows(rules[3].toString()).get(0).meanIterations());
    }
  }

  @Test
  void oneRunGivesSweepMarginsAndHalting() {
    RecordedReasoner reasoner = recorded();
    TrajectoryStudy study =
        TrajectoryStudy.of(reasoner, held(2))
            .iterations(2, 4)
            .rules(Halting.kl(0.05).atMost(5))
            .run();

    assertThat(reasoner.trajectories).isEqualTo(1);
    DepthSweep sweep = DepthSweep.of(recorded(), held(2)).iterations(2, 4).run();
    assertThat(study.sweep()).isEqualTo(sweep);
    assertThat(study.margins())
        .isEqualTo(LogitMargins.of(recorded(), held(2)).iterations(2, 4).run());
    assertThat(study.halting().orElseThrow().rows()).hasSize(1);
    for (int iteration = 2; iteration <= 4; iteration++) {
      assertThat(study.margins().row("2hop_test").accuracy(iteration))
          .isEqualTo(sweep.row("2hop_test").accuracy(iteration));
    }
  }

  @Test
  void aReportTellsItsModelDataSampleAndProvenance() {
    Setup setup =
        DepthSweep.of(recorded(), SPLIT)
            .types(TrajectoryStudyTest::isTest)
            .sample(5, 11)
            .iterations(1, 3)
            .run()
            .setup();

    assertThat(setup.model()).contains(recorded().model());
    assertThat(setup.data()).contains("15 facts of 3 types").contains("4hop_test");
    assertThat(setup.factsPerType()).hasValue(5);
    assertThat(setup.sampleSeed()).hasValue(11);
    assertThat(setup.settings()).containsEntry("iterations", "1 to 3");
    assertThat(setup.library()).startsWith("recurrent ").doesNotContain("$");
    assertThat(setup.provenance()).containsEntry("seed", "7");
    assertThat(
            DepthSweep.of(recorded(), SPLIT)
                .provenance(ImmutableMap.of("data", "mine"))
                .sample(1, 1)
                .iterations(1, 1)
                .run()
                .setup()
                .provenance())
        .containsExactly(Map.entry("data", "mine"));
  }

  @Test
  void progressCountsAllFacts() {
    List<String> types = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    DepthSweep.of(recorded(), SPLIT)
        .types(TrajectoryStudyTest::isTest)
        .sample(10, 1)
        .iterations(1, 2)
        .progress(
            (what, done, total) -> {
              types.add(what);
              counts.add(done);
              assertThat(total).isEqualTo(30);
            })
        .run();

    assertThat(types).containsExactly("2hop_test", "3hop_test", "4hop_test");
    assertThat(counts).containsExactly(10L, 20L, 30L);
  }

  @Test
  void anInterruptedEvaluationStops() {
    DepthSweep.Run run = DepthSweep.of(recorded(), SPLIT).iterations(1, 2);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(run::run)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void longTrajectoriesRunInSmallBatches() {
    assertThat(FactBatch.mostRows(1, 217)).isEqualTo(1024);
    for (int iterations : new int[] {16, 40, 100}) {
      int rows = FactBatch.mostRows(iterations, 2207);
      assertThat(4L * rows * iterations * 2207).isLessThanOrEqualTo(128L << 20);
      assertThat(4L * (rows + 1) * iterations * 2207).isGreaterThan(128L << 20);
    }
    assertThat(FactBatch.mostRows(1_000_000, 1_000_000)).isEqualTo(1);
  }

  @Test
  void badSettingsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogitMargins.of(recorded(), SPLIT).iterations(3, 2))
        .withMessageContaining("3 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DepthSweep.of(recorded(), SPLIT).sample(0, 1))
        .withMessageContaining("not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DepthSweep.of(recorded(), SPLIT).types(type -> false))
        .withMessageContaining("atomic_facts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HaltingStudy.of(recorded(), SPLIT).rules())
        .withMessageContaining("no halting rule");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> HaltingStudy.of(recorded(), SPLIT).rules(Halting.kl(0.1), Halting.kl(0.1)))
        .withMessageContaining("KL < 0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LogitMargins.of(
                        recorded(), Split.of(ImmutableMap.of("none", DATA.test(2).subList(0, 0))))
                    .run())
        .withMessageContaining("no facts of 2 hops");
  }

  private static boolean isTest(String type) {
    return type.endsWith("hop_test");
  }

  /** Weights so large that distributions change with every iteration. */
  private static Checkpoint small() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(DATA.vocabulary())
            .width(16)
            .layers(1)
            .heads(2)
            .initialization(
                Initialization.builder()
                    .embeddingStandardDeviation(1)
                    .linearStandardDeviation(0.2)
                    .projectionScale(1)
                    .build())
            .build();
    return Checkpoint.builder()
        .model(model)
        .vocabulary(DATA.vocabulary())
        .parameters(Parameters.initialize(model, Seed.of(3)))
        .build();
  }
}
