package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.fixtures.HopCircuit;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.ReasonerComparison;
import io.github.recurrent.reasoning.ReferenceReasoner;
import java.util.List;
import java.util.Set;
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
    ReasonerComparison comparison =
        ReasonerComparison.of(REASONER, REASONER, FACTS, Halting.fixed(1));

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
  void theLensRefusesFactsOfSeveralWaysAlone() {
    ReferenceReasoner reasoner = ReferenceReasoner.of(CIRCUIT.checkpoint());
    Split oneWay = Split.of(ImmutableMap.of("one", forked().subList(1, 2)));

    assertThat(LogitLens.of(reasoner, forked(), oneWay).run().rows()).isNotEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogitLens.of(reasoner, forked(), forkedSplit()).run())
        .withMessageContaining("<e_0><r_0>")
        .withMessageContaining("<e_0> has several tails by <r_0>");
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
