package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.Lists;
import io.github.recurrent.fixtures.LoggedWarnings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguityTest {
  private static final List<Triple> FAMILY =
      List.of(
          new Triple("Ada", "mother of", "Bob"),
          new Triple("Ada", "born in", "Rome"),
          new Triple("Ada", "mother of", "Eve"),
          new Triple("Ada", "mother of", "Bob"),
          new Triple("Bob", "mother of", "Joe"));

  private static Set<Triple> triples(KnowledgeGraph graph) {
    Set<Triple> triples = new HashSet<>();
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      triples.add(
          new Triple(
              graph.entityName(graph.head(fact)),
              graph.relationName(graph.relation(fact)),
              graph.entityName(graph.tail(fact))));
    }
    return triples;
  }

  @Test
  void allTailsAreKeptUnlessSaidOtherwise() {
    KnowledgeGraph graph = KnowledgeGraph.of(FAMILY);

    assertThat(triples(graph)).isEqualTo(Set.copyOf(FAMILY));
    assertThat(graph.isAmbiguous()).isTrue();
    assertThat(graph).isEqualTo(KnowledgeGraph.of(FAMILY.stream()));
  }

  @Test
  void refusingNamesTheFirstPairWithBothTails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnowledgeGraph.of(FAMILY, Ambiguity.refuse()))
        .withMessageContaining("triple 3 gives Ada the tail Eve by mother of")
        .withMessageContaining("an earlier triple gives it Bob");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnowledgeGraph.of(FAMILY).resolve(Ambiguity.refuse()))
        .withMessageContaining("gives Ada the tail Eve by mother of");
    assertThat(KnowledgeGraph.of(FAMILY.subList(0, 2), Ambiguity.refuse()).atomicFacts())
        .isEqualTo(2);
  }

  @Test
  void droppingLeavesPairsOfOneTail() {
    KnowledgeGraph graph = KnowledgeGraph.of(FAMILY, Ambiguity.dropAmbiguous());

    assertThat(triples(graph)).containsExactlyInAnyOrder(FAMILY.get(1), FAMILY.get(4));
    assertThat(graph.entities()).as("all entities stay").isEqualTo(5);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                KnowledgeGraph.of(
                    List.of(new Triple("a", "r", "b"), new Triple("a", "r", "c")),
                    Ambiguity.dropAmbiguous()))
        .withMessageContaining("no fact is left");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void oneTailIsKeptWhateverTheOrderOfTheFacts(long seed) {
    Ambiguity one = Ambiguity.keepOne(seed);

    Set<Triple> kept = triples(KnowledgeGraph.of(FAMILY, one));

    assertThat(kept).hasSize(3).isSubsetOf(FAMILY);
    assertThat(triples(KnowledgeGraph.of(Lists.reverse(FAMILY), one))).isEqualTo(kept);
    assertThat(triples(KnowledgeGraph.of(FAMILY).resolve(one))).isEqualTo(kept);
  }

  @Test
  void theSeedDecidesWhichTailIsKept() {
    Set<Set<Triple>> kept = new HashSet<>();
    IntStream.range(0, 20)
        .forEach(seed -> kept.add(triples(KnowledgeGraph.of(FAMILY, Ambiguity.keepOne(seed)))));

    assertThat(kept).hasSize(2);
  }

  @Test
  void eachPolicyReportsWhatItKept() {
    List<Ambiguity.Kept> kept = new ArrayList<>();

    for (Ambiguity policy :
        List.of(Ambiguity.keepAll(), Ambiguity.keepOne(1), Ambiguity.dropAmbiguous())) {
      assertThat(KnowledgeGraph.of(FAMILY, policy.listener(kept::add)).entities()).isEqualTo(5);
    }

    assertThat(kept)
        .containsExactly(
            new Ambiguity.Kept(3, 1, 4, 4),
            new Ambiguity.Kept(3, 1, 4, 3),
            new Ambiguity.Kept(3, 1, 4, 2));
    try (LoggedWarnings logged = LoggedWarnings.of(Ambiguity.class)) {
      assertThat(KnowledgeGraph.of(FAMILY).atomicFacts()).isEqualTo(4);

      assertThat(logged.messages())
          .singleElement()
          .asString()
          .contains("1 of 3 pairs", "4 of 4 facts are kept");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u200b", "half \ud800"})
  void namesInMemoryMustHaveText(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> KnowledgeGraph.of(List.of(FAMILY.get(0), new Triple("Ada", "likes", name))))
        .withMessageContaining("triple 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnowledgeGraph.of(List.of()))
        .withMessageContaining("at least one triple");
  }
}
