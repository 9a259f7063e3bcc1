package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.ReferenceReasoner;
import io.github.recurrent.reasoning.TracedReasoner;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Analyses of facts whose queries have several right answers. */
class AmbiguousFactsTest {
  private static final KnowledgeGraph GRAPH = SmallGraphs.of("a | r | b", "a | r | c", "d | r | e");
  private static final Vocabulary VOCABULARY = Vocabulary.of(GRAPH);
  private static final Facts FACTS = AmbiguousFacts.of(GRAPH, VOCABULARY, 1);
  private static final Split SPLIT = Split.of(ImmutableMap.of("one", FACTS));

  /** Prefers a relation, then the answer that is not the fact's own, then e. */
  private static final LogitsReasoner REASONER =
      new LogitsReasoner(
          VOCABULARY,
          query -> {
            float[] logits = new float[VOCABULARY.size()];
            logits[VOCABULARY.id("<r_r>")] = 6;
            logits[id("c")] = 5;
            logits[id("b")] = 4;
            logits[id("e")] = 3;
            return logits;
          });

  private static final HopCircuit CIRCUIT = HopCircuit.of(1, 3);

  private static int id(String name) {
    return VOCABULARY.id(Vocabulary.entityToken(name));
  }

  @Test
  void everyRightAnswerCountsInTheSweepAndWhereRowsHalt() {
    assertThat(FACTS.answer(0)).isEqualTo("<e_b>");
    assertThat(DepthSweep.of(REASONER, SPLIT).run().row("one").accuracy(1)).isEqualTo(0.5);
    assertThat(HaltingStudy.of(REASONER, SPLIT).run().rows().get(0).accuracy()).isEqualTo(0.5);
    assertThat(
            HaltingStudy.of(REASONER, SPLIT)
                .rules(Halting.kl(0.1).atMost(2), Halting.kl(0.2).atMost(2))
                .run()
                .rows())
        .allSatisfy(row -> assertThat(row.accuracy()).isEqualTo(0.5));
  }

  @Test
  void marginsAreThoseToWrongTokens() {
    LogitMargins.Row row = LogitMargins.of(REASONER, SPLIT).iterations(1, 2).run().row("one");

    // c is 2 above e, and e is 2 below c.
    assertThat(row.margin(1)).isEqualTo((2.0 - 2.0) / 2);
    assertThat(row.accuracy(1)).isEqualTo(0.5);
    assertThat(row.hitShare()).isEqualTo(0.5);
    LogitMargins.Row first =
        LogitMargins.of(REASONER, Split.of(ImmutableMap.of("one", FACTS.subList(0, 1))))
            .run()
            .row("one");
    assertThat(first.margin(1)).isEqualTo(2);
  }

  @Test
  void comparedReasonersAreRightWithAnyRightAnswer() {
    Reasoner.Comparison comparison = REASONER.compare(REASONER, FACTS, Halting.fixed(1));

    assertThat(comparison.firstAccuracy()).isEqualTo(0.5);
    assertThat(comparison.secondAccuracy()).isEqualTo(0.5);
  }

  @Test
  void whereAQueryHasOneAnswerAnyTokenIsTheModelsAnswer() {
    Split single =
        Split.of(
            ImmutableMap.of(
                "one", Facts.of(List.of(Query.from("a").follow("r")), List.of("c"), VOCABULARY)));

    assertThat(DepthSweep.of(REASONER, single).run().row("one").accuracy(1)).isZero();
    assertThat(LogitMargins.of(REASONER, single).run().row("one").margin(1)).isEqualTo(-1);
    assertThat(HaltingStudy.of(REASONER, single).run().rows().get(0).accuracy()).isZero();
  }

  @Test
  void theShortcutStudyRefusesGraphsOfSeveralWays() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShortcutStudy.of(REASONER, GRAPH, SPLIT))
        .withMessageContaining("<e_a> has several tails by <r_r>");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShortcutStudy.of(REASONER, FACTS, SPLIT))
        .withMessageContaining("<e_a> has several tails by <r_r>");
  }

  @Test
  void patchingRefusesGraphsOfSeveralWays() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ActivationPatching.of(
                    ReferenceReasoner.of(CIRCUIT.checkpoint()), forked(), forkedSplit()))
        .withMessageContaining("<e_0> has several tails by <r_0>");
  }

  @Test
  void theLensLooksForTheBestOfSeveralRightEntities() {
    ReferenceReasoner reasoner = ReferenceReasoner.of(CIRCUIT.checkpoint());
    KnowledgeGraph circuit = CIRCUIT.graph();
    Vocabulary vocabulary = CIRCUIT.checkpoint().vocabulary();
    String tail = circuit.entityName(circuit.tails(0, 0).get(0));
    String other = circuit.entityName((circuit.tails(0, 0).get(0) + 1) % circuit.entities());
    Facts known = Facts.of(List.of(Query.from("0").follow("0")), List.of(tail), vocabulary);
    Facts either =
        Facts.ofSets(
            List.of(Query.from("0").follow("0")),
            List.of(ImmutableSet.of(other, tail)),
            vocabulary);

    LogitLens.Row alone = lens(reasoner, known, known);
    LogitLens.Row best = lens(reasoner, either, either);

    assertThat(best.decodable().get(0)).isZero();
    assertThat(best.decodable().get(1)).isEqualTo(1);
    assertThat(best.meanRank().get(1)).isEqualTo(1);
    assertThat(best.meanReciprocalRank().get(1)).isEqualTo(1);
    // Before it is looked up, all entities are equal, so that two of them have twice as much.
    assertThat(best.meanProbability().get(0))
        .isCloseTo(2 * alone.meanProbability().get(0), within(1e-9));
    assertThat(best.meanProbability().get(1)).isGreaterThan(alone.meanProbability().get(1));
  }

  @Test
  void theLensLeavesOutEntitiesFromWhichTheChainLeadsNowhereOrToNoRightAnswer() {
    KnowledgeGraph graph =
        SmallGraphs.of(
            "a | r | b",
            "a | r | c",
            "a | r | d",
            "b | s | e",
            "c | s | f",
            "x | r | a",
            "x | s | a");
    Vocabulary vocabulary = Vocabulary.of(graph);
    AtomicFacts atomic = AtomicFacts.of(graph, vocabulary);
    List<Query> query = List.of(Query.from("x").follow("r").follow("r").follow("s"));

    assertThat(ways(atomic, Facts.ofSets(query, List.of(ImmutableSet.of("f", "e")), vocabulary)))
        .containsExactly("<e_x>", "<e_a>", "<e_b> <e_c>", "<e_e> <e_f>");
    assertThat(ways(atomic, Facts.of(query, List.of("f"), vocabulary)))
        .containsExactly("<e_x>", "<e_a>", "<e_c>", "<e_f>");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> atomic.ways(Facts.of(query, List.of("b"), vocabulary), 0))
        .withMessageContaining(
            "lead <e_x><r_r><r_r><r_s> to 2 other entities, but its answer is <e_b>");
  }

  private static List<String> ways(AtomicFacts atomic, Facts facts) {
    return atomic.ways(facts, 0).stream()
        .map(
            ids ->
                ids.stream().mapToObj(facts.vocabulary()::token).collect(Collectors.joining(" ")))
        .toList();
  }

  private static LogitLens.Row lens(TracedReasoner reasoner, Facts atomic, Facts facts) {
    return LogitLens.of(reasoner, atomic, Split.of(ImmutableMap.of("one", facts)))
        .amongEntities()
        .run()
        .row("one", 1, "r1");
  }

  private static Facts forked() {
    return Facts.ofSets(
        List.of(Query.from("0").follow("0"), Query.from("1").follow("0")),
        List.of(Set.of("1", "2"), Set.of("3")),
        CIRCUIT.checkpoint().vocabulary());
  }

  private static Split forkedSplit() {
    return Split.of(ImmutableMap.of("one", forked()));
  }
}
