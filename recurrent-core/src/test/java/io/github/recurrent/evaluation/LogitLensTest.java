package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.reasoning.ReferenceReasoner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogitLensTest {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 3);
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(CIRCUIT.graph()).hops(2, 3).trainPerHop(15).testPerHop(20).build();
  private static final Split TEST =
      Split.of(ImmutableMap.of("two", DATA.test(2), "three", DATA.test(3)));

  private static LogitLens.Run lens(HopCircuit circuit) {
    return LogitLens.of(ReferenceReasoner.of(circuit.checkpoint()), circuit.graph(), TEST);
  }

  @Test
  void everyEntityOfACircuitIsDecodableFromItsEffectiveLayerOnAndNotBefore() {
    for (int layers : new int[] {1, 2}) {
      LogitLens lens = lens(HopCircuit.of(layers, 3)).run();

      assertThat(lens.effectiveLayers()).isEqualTo(3 * layers);
      assertThat(lens.rows()).hasSize(5);
      for (LogitLens.Row row : lens.rows()) {
        assertThat(row.position()).isEqualTo("r" + row.hop());
        assertThat(row.facts()).isEqualTo(20);
        for (int layer = 0; layer <= 3 * layers; layer++) {
          boolean known = layer >= row.hop() * layers;
          assertThat(row.decodable().get(layer)).isEqualTo(known ? 1 : 0);
          assertThat(row.meanReciprocalRank().get(layer) == 1).isEqualTo(known);
          assertThat(row.meanRank().get(layer) == 1).isEqualTo(known);
          assertThat(row.meanProbability().get(layer)).isCloseTo(known ? 1 : 0, within(0.07));
        }
        assertThat(row.firstLayer(0.9)).hasValue(row.hop() * layers);
      }
    }
  }

  @Test
  void iterationsThatAreNotMadeDecodeNothing() {
    LogitLens lens = lens(CIRCUIT).iterations(1).run();

    assertThat(lens.effectiveLayers()).isEqualTo(1);
    assertThat(lens.row("two", 1, "r1").firstLayer(0.5)).hasValue(1);
    assertThat(lens.row("two", 2, "r2").firstLayer(0.5)).isEmpty();
  }

  @Test
  void entitiesMayBeTheOnlyCandidates() {
    LogitLens.Row row = lens(CIRCUIT).amongEntities().run().row("two", 1, "r1");

    assertThat(row.meanProbability().get(0)).isCloseTo(1.0 / 6, within(1e-9));
    assertThat(row.decodable().get(1)).isEqualTo(1);
  }

  @Test
  void theAnswerIsAlsoReadOffWhereTheModelIsRead() {
    PyTorchFixture fixture = PyTorchFixture.nope();
    MultiHopDataset data = dataOf(fixture);
    LogitLens lens =
        LogitLens.of(
                ReferenceReasoner.of(fixture.checkpoint()),
                data.atomic(),
                Split.of(ImmutableMap.of("two", data.test(2))))
            .iterations(2)
            .run();

    assertThat(lens.rows()).extracting(LogitLens.Row::position).containsExactly("r1", "r2", "read");
    assertThat(lens.rows()).extracting(LogitLens.Row::hop).containsExactly(1, 2, 2);
  }

  private static MultiHopDataset dataOf(PyTorchFixture fixture) {
    MultiHopDataset data =
        MultiHopDataset.from(
                KnowledgeGraph.builder()
                    .entities(fixture.checkpoint().vocabulary().entities())
                    .relations(fixture.checkpoint().vocabulary().relations())
                    .build())
            .hops(2, 2)
            .trainPerHop(5)
            .testPerHop(5)
            .build();
    assertThat(data.vocabulary()).isEqualTo(fixture.checkpoint().vocabulary());
    return data;
  }

  @Test
  void factsOfAnotherGraphAreRejected() {
    KnowledgeGraph other =
        KnowledgeGraph.builder().entities(6).relations(3).permutations().seed(7).build();
    ReferenceReasoner reasoner = ReferenceReasoner.of(CIRCUIT.checkpoint());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogitLens.of(reasoner, other, TEST).run())
        .withMessageContaining("another graph");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LogitLens.of(
                    reasoner, KnowledgeGraph.builder().entities(9).relations(3).build(), TEST))
        .withMessageContaining("9 entities");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogitLens.of(reasoner, DATA.test(2), TEST))
        .withMessageContaining("1 hop");
  }

  @Test
  void aSampleIsLookedAtWithItsProgress() {
    List<Long> done = new ArrayList<>();
    LogitLens lens =
        lens(CIRCUIT)
            .sample(7, 3)
            .progress((type, now, total) -> done.add(now * 100 + total))
            .run();

    assertThat(lens.rows()).extracting(LogitLens.Row::facts).containsOnly(7);
    assertThat(done).containsExactly(714L, 1414L);
    assertThat(lens.setup().factsPerType()).hasValue(7);
    assertThat(lens.setup().sampleSeed()).hasValue(3);
    assertThat(lens.setup().settings())
        .containsEntry("iterations", "3")
        .containsEntry("candidates", "all tokens");
    assertThat(lens.setup().provenance()).containsEntry("made", "by hand");
  }

  @Test
  void aReportIsReadBackFromItsJsonAndHasARowForEveryFigure() {
    LogitLens lens = lens(CIRCUIT).run();

    assertThat(Report.ofJson(lens.toJson(), LogitLens.class)).isEqualTo(lens);
    assertThat(lens.table().rows()).hasSize(5 * 4);
    assertThat(lens.toCsv())
        .contains("type,hops,facts,hop,position,effective_layer,decodable,mean_rank")
        .contains("two,2,20,1,r1,1,1,1,1,");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Report.ofJson(lens.toJson().replace("\"rows\"", "\"row\""), LogitLens.class))
        .withMessageContaining("rows");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Report.ofJson(
                    Reports.json(lens).put("effective_layers", 4).toString(), LogitLens.class))
        .withMessageContaining("5 figures");
  }

  @Test
  void modelsGoSideBySide() {
    LogitLens one = lens(CIRCUIT).run();
    LogitLens two = lens(HopCircuit.of(2, 3)).run();

    SideBySide<LogitLens> both = SideBySide.of(ImmutableMap.of("one", one, "two", two));

    assertThat(both.table().rows()).hasSize(5 * 4 + 5 * 7);
    assertThat(SideBySide.ofJson(both.toJson(), LogitLens.class)).isEqualTo(both);
  }

  @Test
  void equalLogitsAreRankedById() {
    float[] logits = {9, 9, 9, 9, 2, 7, 7, 1};
    var candidates = ImmutableIntArray.copyOf(IntStream.range(0, 4));

    assertThat(Standing.of(logits, 4, 1, candidates).rank()).isEqualTo(1);
    assertThat(Standing.of(logits, 4, 2, candidates).rank()).isEqualTo(2);
    assertThat(Standing.of(logits, 4, 0, candidates).rank()).isEqualTo(3);
    assertThat(Standing.of(logits, 4, 3, candidates).rank()).isEqualTo(4);
    assertThat(Standing.of(logits, 0, 3, candidates).probability()).isEqualTo(0.25);
  }
}
