package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

final class ShortcutStudyTest {
  private static final int HOPS = 12;
  private static final KnowledgeGraph PERMUTATIONS =
      KnowledgeGraph.builder().entities(10).relations(4).permutations().seed(1).build();
  private static final KnowledgeGraph COLLAPSING =
      KnowledgeGraph.builder().entities(10).relations(4).outDegree(4).randomTails().seed(1).build();

  private static MultiHopDataset data(KnowledgeGraph graph) {
    return MultiHopDataset.from(graph).hops(HOPS, HOPS).trainPerHop(10).testPerHop(60).build();
  }

  private static ShortcutStudy.Run study(KnowledgeGraph graph, int relationsUsed) {
    MultiHopDataset data = data(graph);
    AtomicFacts facts = AtomicFacts.of(data.atomic());
    int start = data.vocabulary().entityId(0);
    return ShortcutStudy.of(
        new ChainReasoner(
            data.vocabulary(),
            query ->
                relationsUsed == HOPS
                    ? facts.answer(query)
                    : facts.follow(start, query, query.length - relationsUsed)),
        graph,
        Split.of(ImmutableMap.of("long", data.test(HOPS))));
  }

  @Test
  void onPermutationsEveryTokenDecides() {
    ShortcutStudy.Row row = study(PERMUTATIONS, HOPS).run().row("long");

    assertThat(row.answered()).isEqualTo(60);
    assertThat(row.replaced()).hasSize(HOPS + 1);
    for (ShortcutStudy.Replaced token : row.replaced()) {
      assertThat(token.facts()).isEqualTo(60);
      assertThat(token.modelRight()).isEqualTo(1);
      assertThat(token.modelChanges()).isEqualTo(token.graphChanges()).isGreaterThan(0.7);
      assertThat(token.probabilityLost()).isCloseTo(token.modelChanges(), within(1e-6));
    }
    assertThat(row.replaced().get(HOPS).graphChanges()).isEqualTo(1);
    assertThat(row.kept()).hasSize(HOPS + 1);
    for (ShortcutStudy.Kept kept : row.kept()) {
      assertThat(kept.graphExpects()).isCloseTo(0.1, within(1e-9));
      assertThat(kept.modelKeeps()).isEqualTo(kept.graphKeeps()).isLessThan(0.3);
    }
    assertThat(row.decidingRelations(0.9)).isEmpty();
  }

  @Test
  void whereRelationsAreNoPermutationsTheLastOnesDecide() {
    ShortcutStudy.Row row = study(COLLAPSING, HOPS).run().row("long");

    for (int relations = 1; relations <= HOPS; relations++) {
      assertThat(row.kept().get(relations).graphExpects())
          .isCloseTo(row.kept().get(relations).graphKeeps(), within(0.2));
    }
    assertThat(row.kept().get(0).graphExpects()).isLessThan(0.3);
    assertThat(row.kept().get(HOPS).graphExpects()).isGreaterThan(0.7);
    assertThat(row.replaced().get(0).graphChanges())
        .isGreaterThan(row.replaced().get(HOPS).graphChanges() + 0.3);
  }

  @Test
  void aModelThatTakesAShortCutIsFoundOut() {
    ShortcutStudy.Row row = study(PERMUTATIONS, 3).run().row("long");

    assertThat(row.answered()).isBetween(1, 20);
    assertThat(row.decidingRelations(0.99)).hasValue(3);
    for (ShortcutStudy.Replaced token : row.replaced()) {
      if (token.fromEnd() > 3) {
        assertThat(token.modelChanges()).isZero();
        assertThat(token.probabilityLost()).isZero();
        assertThat(token.modelRight()).isCloseTo(1 - token.graphChanges(), within(1e-9));
      }
    }
    assertThat(row.replaced().get(HOPS).graphChanges()).isEqualTo(1);
    assertThat(row.replaced().get(0).modelChanges()).isPositive();
    assertThat(row.kept().get(2).modelKeeps()).isLessThan(0.9);
  }

  @Test
  void aModelThatIsNeverRightHasNoFigures() {
    MultiHopDataset data = data(PERMUTATIONS);
    ShortcutStudy study =
        ShortcutStudy.of(
                new ChainReasoner(data.vocabulary(), query -> 0),
                data.atomic(),
                Split.of(ImmutableMap.of("long", data.test(HOPS))))
            .run();

    assertThat(study.row("long").answered()).isZero();
    assertThat(study.row("long").kept().get(1).modelKeeps()).isNaN();
    assertThat(Report.ofJson(study.toJson(), ShortcutStudy.class)).isEqualTo(study);
  }

  @Test
  void aReportIsReadBackFromItsJsonAndHasARowForEveryIntervention() {
    ShortcutStudy study =
        study(COLLAPSING, HOPS).sample(9, 4).seed(8).halting(Halting.fixed(7)).run();

    assertThat(Report.ofJson(study.toJson(), ShortcutStudy.class)).isEqualTo(study);
    assertThat(study.setup().settings()).containsEntry("seed", "8").containsKey("halting");
    assertThat(study.setup().factsPerType()).hasValue(9);
    assertThat(study.table().rows()).hasSize(2 * (HOPS + 1));
    assertThat(study.toCsv()).contains("long,12,kept,0,9,");
    assertThat(study(COLLAPSING, HOPS).sample(9, 4).seed(8).halting(Halting.fixed(7)).run())
        .isEqualTo(study);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Report.ofJson(study.toJson().replace("\"rows\"", "\"row\""), ShortcutStudy.class))
        .withMessageContaining("rows");
  }

  /** A graph in which many chains end before their last relation. */
  @Test
  void randomPrefixesAreThoseOfRandomWalksThatHaveAnAnswer() {
    KnowledgeGraph sparse =
        KnowledgeGraph.builder()
            .entities(6)
            .relations(4)
            .outDegree(2)
            .randomTails()
            .seed(3)
            .build();
    MultiHopDataset data =
        MultiHopDataset.from(sparse).hops(3, 3).trainPerHop(2).testPerHop(3).build();
    AtomicFacts facts = AtomicFacts.of(data.atomic());
    int[] query = data.test(3).queryIds(0);
    RandomPrefixes prefixes = new RandomPrefixes(facts, 3);
    UniformRandomProvider random = RandomStream.of(Seed.of(5));
    RandomPrefixes.Chain chain = prefixes.of(query);
    for (int kept = 0; kept <= 3; kept++) {
      if (kept > 0) {
        chain.keepOneMore();
      }
      Map<String, Double> expected = walks(facts, query, kept);
      double all = expected.values().stream().mapToDouble(Double::doubleValue).sum();
      double same = 0;
      Map<String, Double> drawn = new HashMap<>();
      for (int draw = 0; draw < 20_000; draw++) {
        int[] other = chain.draw(random);
        drawn.merge(Arrays.toString(other), 1.0 / 20_000, Double::sum);
        same += facts.answer(other) == facts.answer(query) ? 1.0 / 20_000 : 0;
      }

      assertThat(drawn.keySet()).isSubsetOf(expected.keySet());
      expected.forEach(
          (walk, weight) ->
              assertThat(drawn.getOrDefault(walk, 0.0)).isCloseTo(weight / all, within(0.02)));
      assertThat(chain.sameAnswer()).isCloseTo(same, within(0.02));
    }
  }

  /** Returns the weight of every walk that ends in the last relations of a query. */
  private static Map<String, Double> walks(AtomicFacts facts, int[] query, int kept) {
    Map<String, Double> walks = new HashMap<>();
    for (int head : facts.entities().toArray()) {
      int[] walk = query.clone();
      walk[0] = head;
      extend(facts, walk, 1, head, query.length - 1 - kept, 1, walks);
    }
    return walks;
  }

  private static void extend(
      AtomicFacts facts,
      int[] walk,
      int hop,
      int entity,
      int free,
      double weight,
      Map<String, Double> walks) {
    if (hop > free) {
      if (facts.follow(entity, walk, hop) != AtomicFacts.NONE) {
        walks.put(Arrays.toString(walk), weight);
      }
      return;
    }
    // Every entity has two facts.
    for (int relation : facts.relations().toArray()) {
      if (facts.tail(entity, relation) != AtomicFacts.NONE) {
        int[] longer = walk.clone();
        longer[hop] = relation;
        extend(facts, longer, hop + 1, facts.tail(entity, relation), free, weight / 2, walks);
      }
    }
  }
}
