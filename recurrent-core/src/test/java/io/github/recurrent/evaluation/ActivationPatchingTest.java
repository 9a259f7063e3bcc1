package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.evaluation.ActivationPatching.Corruption;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.ReferenceReasoner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActivationPatchingTest {
  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 2);
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(CIRCUIT.graph()).hops(2, 2).trainPerHop(15).testPerHop(20).build();
  private static final Split TEST = Split.of(ImmutableMap.of("two", DATA.test(2)));

  private static ActivationPatching.Run patching(HopCircuit circuit) {
    return ActivationPatching.of(ReferenceReasoner.of(circuit.checkpoint()), circuit.graph(), TEST);
  }

  @Test
  void anotherHeadIsUndoneWhereItsTraceIsStillToBeRead() {
    for (int layers : new int[] {1, 2}) {
      ActivationPatching.Row row = patching(HopCircuit.of(layers, 2)).run().row("two");

      assertAllBack(row, "h", layer -> layer == 0);
      assertAllBack(row, "r1", layer -> layer >= 1 && layer <= layers);
      assertAllBack(row, "r2", layer -> layer >= layers + 1);
      assertThat(row.facts()).isEqualTo(20);
      assertThat(row.corrupted()).isEqualTo(20);
      assertThat(row.answeredFacts()).isEqualTo(20);
      assertThat(row.cleanProbability()).isCloseTo(1, within(1e-3));
      assertThat(row.corruptedProbability()).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void anotherFirstRelationIsUndoneAtItsPositionFromTheBeginningOn() {
    for (int layers : new int[] {1, 2}) {
      ActivationPatching.Row row =
          patching(HopCircuit.of(layers, 2)).corrupt(Corruption.relation(1), 1).run().row("two");

      assertAllBack(row, "h", layer -> false);
      assertAllBack(row, "r1", layer -> layer <= layers);
      assertAllBack(row, "r2", layer -> layer >= layers + 1);
    }
  }

  @Test
  void anotherHeadAndFirstRelationAreUndoneOnlyOnceTheyHaveMet() {
    ActivationPatching.Row row =
        patching(CIRCUIT).corrupt(Corruption.headAndFirstRelation(), 1).run().row("two");

    // The clean head and the other relation may still lead to the same bridge entity.
    assertThat(row.place("h").returned().get(0)).isLessThan(0.5);
    assertThat(row.place("h").returned().get(1)).isZero();
    assertAllBack(row, "r1", layer -> layer == 1);
    assertAllBack(row, "r2", layer -> layer == 2);
  }

  private static void assertAllBack(
      ActivationPatching.Row row, String position, IntPredicate whenBack) {
    ActivationPatching.Place place = row.place(position);
    for (int layer = 0; layer < place.returned().length(); layer++) {
      double expected = whenBack.test(layer) ? 1 : 0;
      assertThat(place.returned().get(layer)).isEqualTo(expected);
      for (ImmutableDoubleArray recovery :
          List.of(
              place.probabilityRecovery(),
              place.medianProbabilityRecovery(),
              place.logitRecovery(),
              place.medianLogitRecovery())) {
        assertThat(recovery.get(layer))
            .as("%s after effective layer %s", position, layer)
            .isCloseTo(expected, within(1e-3));
      }
    }
  }

  @Test
  void factsThatLoseTooLittleAreLeftOutAndCounted() {
    ActivationPatching patching = patching(CIRCUIT).leastEffect(1.5, 1000).run();
    ActivationPatching.Row row = patching.row("two");

    assertThat(row.probabilityFacts()).isZero();
    assertThat(row.logitFacts()).isZero();
    assertThat(row.answeredFacts()).isEqualTo(20);
    assertThat(row.place("r1").probabilityRecovery().get(1)).isNaN();
    assertThat(row.place("r1").medianLogitRecovery().get(1)).isNaN();
    assertThat(row.place("r1").returned().get(1)).isEqualTo(1);
    assertThat(Report.ofJson(patching.toJson(), ActivationPatching.class)).isEqualTo(patching);
  }

  @Test
  void recoveriesAreOfAllFactsSumsAndOfTheMedianFact() {
    Recoveries recoveries = new Recoveries(1, 0.01, 0.1);
    recoveries.begin(
        standings(new double[] {0.9, 0.5, 0.3, 0.201}),
        standings(new double[] {0.1, 0.1, 0.2, 0.2}));
    recoveries.add(0, standings(new double[] {0.5, 0.5, 0.2, 0.9}));

    // Recoveries of 1/2, 1 and 0; the fourth loses 0.001 only.
    assertThat(recoveries.probability().facts()).isEqualTo(3);
    assertThat(recoveries.probability().recovery(0, 1).get(0)).isCloseTo(0.8 / 1.3, within(1e-9));
    assertThat(recoveries.probability().median(0, 1).get(0)).isCloseTo(0.5, within(1e-9));
    assertThat(recoveries.answeredFacts()).isEqualTo(2);
    assertThat(recoveries.returned(0, 1).get(0)).isEqualTo(1);
  }

  /** The answer comes first from one half on. */
  private static Standing[] standings(double[] probabilities) {
    Standing[] standings = new Standing[probabilities.length];
    for (int i = 0; i < standings.length; i++) {
      standings[i] = new Standing(probabilities[i] >= 0.5 ? 1 : 2, probabilities[i], 0);
    }
    return standings;
  }

  @Test
  void aCorruptionIsDrawnFromAllWithAnotherBridgeEntityAndAnswer() {
    AtomicFacts facts = AtomicFacts.of(CIRCUIT.graph(), DATA.vocabulary());
    UniformRandomProvider random = RandomStream.of(Seed.of(1));
    int[] query = DATA.test(2).queryIds(0);
    Set<List<Integer>> drawn = new HashSet<>();
    for (int draw = 0; draw < 300; draw++) {
      int[] other = Corruption.headAndFirstRelation().draw(query, facts, random).orElseThrow();

      assertThat(other[0]).isNotEqualTo(query[0]);
      assertThat(other[1]).isNotEqualTo(query[1]);
      assertThat(other[2]).isEqualTo(query[2]);
      assertThat(facts.tail(other[0], other[1])).isNotEqualTo(facts.tail(query[0], query[1]));
      assertThat(facts.answer(other)).isNotEqualTo(facts.answer(query));
      drawn.add(List.of(other[0], other[1]));
    }
    long all = 0;
    for (int head : facts.entities().toArray()) {
      for (int relation : facts.relations().toArray()) {
        boolean others = head != query[0] && relation != query[1];
        all += others && facts.tail(head, relation) != facts.tail(query[0], query[1]) ? 1 : 0;
      }
    }
    assertThat(drawn).hasSize((int) all);
  }

  @Test
  void factsThatNothingElseCouldBePutInTheirPlaceAreCounted(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("graph.tsv");
    Files.writeString(file, "a\tfather\tb\nb\tmother\tc\nd\tfather\te\ne\tmother\tf\n");
    AtomicFacts two = AtomicFacts.of(KnowledgeGraph.read(file), vocabulary(file));
    int[] query = vocabulary(file).encode(Query.of("<e_a>", "<r_father>", "<r_mother>"));
    UniformRandomProvider random = RandomStream.of(Seed.of(1));

    assertThat(Corruption.head().draw(query, two, random)).isPresent();
    assertThat(Corruption.relation(1).draw(query, two, random)).isEmpty();
    assertThat(Corruption.headAndFirstRelation().draw(query, two, random)).isEmpty();
  }

  private static Vocabulary vocabulary(Path file) throws IOException {
    return Vocabulary.of(KnowledgeGraph.read(file));
  }

  @Test
  void hopsThatFactsDoNotHaveCannotBeCorrupted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> patching(CIRCUIT).corrupt(Corruption.relation(3), 1).run())
        .withMessageContaining("r3")
        .withMessageContaining("2 hops");
    assertThatIllegalArgumentException().isThrownBy(() -> Corruption.relation(0));
  }

  @Test
  void aReportIsReadBackFromItsJsonAndHasARowForEveryFigure() {
    List<String> heard = new ArrayList<>();
    ActivationPatching patching =
        patching(CIRCUIT)
            .sample(5, 9)
            .corrupt(Corruption.head(), 3)
            .progress((type, done, total) -> heard.add(type + " " + done + " of " + total))
            .run();

    assertThat(heard).containsExactly("two 5 of 5");
    assertThat(patching.setup().settings())
        .containsEntry("corruption", "head")
        .containsEntry("corruption_seed", "3")
        .containsEntry("iterations", "2");
    assertThat(Report.ofJson(patching.toJson(), ActivationPatching.class)).isEqualTo(patching);
    assertThat(patching.table().rows()).hasSize(3 * 3);
    assertThat(patching.toCsv())
        .contains("type,hops,facts,position,effective_layer,probability_recovery");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Report.ofJson(
                    patching.toJson().replace("\"rows\"", "\"row\""), ActivationPatching.class))
        .withMessageContaining("rows");
  }

  @Test
  void theSameSeedsGiveTheSameReport() {
    ActivationPatching.Run run = patching(CIRCUIT).sample(5, 9).corrupt(Corruption.head(), 3);

    assertThat(run.run()).isEqualTo(run.run());
  }
}
