package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Triple;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PresetTest {
  @Test
  void extrapolationHasThePublishedSize() {
    RecurrentDepthTransformer model =
        Preset.paperExtrapolation().model(vocabulary(200, 10)).build();

    // 28.5 million, by the published description.
    assertThat(model.parameterCount()).isEqualTo(28_519_680);
    assertThat(model.recurrence()).isEqualTo(Recurrence.poisson(4).between(2, 8));
    assertThat(Preset.scriptsExtrapolation().model(vocabulary(200, 10)).build()).isEqualTo(model);
  }

  @Test
  void compositionHasThePublishedSize() {
    RecurrentDepthTransformer model =
        Preset.paperComposition().model(vocabulary(2000, 200)).build();

    // 30.0 million, by the published description.
    assertThat(model.parameterCount() / 1e6).isBetween(29.95, 30.1);
    assertThat(model.positions()).isEqualTo(PositionEncoding.LEARNED);
    assertThat(model.readPosition()).isEqualTo(ReadPosition.column(2));
    assertThat(model.initialization().projectionScale()).isZero();
    assertThat(
            Preset.scriptsComposition()
                .model(vocabulary(2000, 200))
                .build()
                .initialization()
                .projectionScale())
        .isEqualTo(1);
  }

  @Test
  void presetsCanBeAltered() {
    RecurrentDepthTransformer model =
        Preset.laptopExtrapolation()
            .model(vocabulary(16, 8))
            .recurrence(Recurrence.fixed(3))
            .build();

    assertThat(model.recurrence()).isEqualTo(Recurrence.fixed(3));
    assertThat(model.width()).isEqualTo(64);
  }

  @Test
  void theFarReachLearnsTheAtomicFactsInFewIterations() {
    RecurrentDepthTransformer model = far().build();

    assertThat(model.recurrence()).isEqualTo(Recurrence.poisson(6).between(2, 12));
    assertThat(iterationsAtFirst(model)).contains(2).isSubsetOf(2, 3, 4, 5);
  }

  @Test
  void theFarReachCanBeAlteredToFewerIterations() {
    assertThat(iterationsAtFirst(far().recurrence(Recurrence.fixed(3)).build())).containsExactly(3);
  }

  @Test
  void fewerHopsThanAPresetCanLearnAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Preset.laptopExtrapolation(1))
        .withMessage("hops must be at least 2, but are 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Preset.laptopFarExtrapolation(2))
        .withMessage("hops must be at least 3, but are 2");
  }

  @Test
  void theFittingPresetGrowsWithTheDataAndSaysWhy() {
    MultiHopDataset few = data(40, 10, 10);
    MultiHopDataset many = data(601, 10, 10);

    assertThat(Preset.fitting(few).model(few.vocabulary()).build().width()).isEqualTo(64);
    assertThat(Preset.fitting(many).model(many.vocabulary()).build().width()).isEqualTo(128);
    assertThat(Preset.fitting(few).reasons()).hasSize(5).first().asString().contains("400");
    assertThat(Preset.fitting(few).toString()).contains("3,000 updates");
    assertThat(Preset.fitting(many).toString()).contains("5,282 updates");
    assertThat(Preset.laptopExtrapolation().reasons()).isEmpty();
  }

  @Test
  void theFittingPresetCountsEveryAnswerOfAnAtomicFact() {
    KnowledgeGraph graph =
        KnowledgeGraph.of(
            IntStream.range(0, 7000)
                .mapToObj(fact -> new Triple("e" + fact / 70, "r", "e" + fact % 70)));
    MultiHopDataset data = MultiHopDataset.from(graph).hops(2, 2).allWhereFewerExist(0.1).build();

    assertThat(data.atomic().size()).isEqualTo(100);
    assertThat(Preset.fitting(data).toString()).contains("7,000 atomic facts", "width 128");
  }

  @Test
  void theFittingPresetTrainsUpToTheHopsOfTheData() {
    MultiHopDataset data = data(12, 4, 2);
    List<String> stages = new ArrayList<>();
    Cancellation cancellation = Cancellation.create();
    Preset preset = Preset.fitting(data);

    assertThatThrownBy(
            () ->
                preset
                    .trainer(preset.model(data.vocabulary()).width(8).build())
                    .batch(8)
                    .threads(1)
                    .cancellation(cancellation)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step step) {
                            stages.add(step.iterations() + " iterations");
                            cancellation.cancel();
                          }
                        })
                    .train(data))
        .isInstanceOf(CancellationException.class);
    assertThat(stages).hasSize(1);
  }

  private static MultiHopDataset data(int entities, int relations, int outDegree) {
    return MultiHopDataset.from(
            KnowledgeGraph.builder()
                .entities(entities)
                .relations(relations)
                .outDegree(outDegree)
                .build())
        .hops(2, 2)
        .trainPerHop(entities * 30)
        .testPerHop(10)
        .allWhereFewerExist(0.1)
        .build();
  }

  private static RecurrentDepthTransformer.Builder far() {
    return Preset.laptopFarExtrapolation().model(SmallTraining.DATA.vocabulary()).width(8);
  }

  /** Returns the numbers of iterations of the first updates. */
  private static Set<Integer> iterationsAtFirst(RecurrentDepthTransformer model) {
    Set<Integer> iterations = new TreeSet<>();
    Cancellation cancellation = Cancellation.create();
    Trainer trainer =
        Preset.laptopFarExtrapolation()
            .trainer(model)
            .curriculum(Curriculum.byHops().atomicFirst())
            .batch(8)
            .threads(1)
            .cancellation(cancellation)
            .listener(
                new TrainingListener() {
                  @Override
                  public void stepped(Step step) {
                    iterations.add(step.iterations());
                    if (step.number() == 20) {
                      cancellation.cancel();
                    }
                  }
                });
    assertThatThrownBy(() -> trainer.train(SmallTraining.DATA))
        .isInstanceOf(CancellationException.class);
    return iterations;
  }

  private static Vocabulary vocabulary(int entities, int relations) {
    return Vocabulary.of(
        KnowledgeGraph.builder()
            .entities(entities)
            .relations(relations)
            .outDegree(Math.min(relations, 10))
            .randomTails()
            .build());
  }
}
