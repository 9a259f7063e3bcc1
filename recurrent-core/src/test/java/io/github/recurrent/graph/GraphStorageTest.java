package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphStorageTest {
  private static final KnowledgeGraph FAMILY =
      KnowledgeGraph.of(
          List.of(
              new Triple("Ada", "mother of", "Bob"),
              new Triple("Bob", "father of", "Cy"),
              new Triple("Bob", "father of", "Dan"),
              new Triple("Cy", "lives in", "Rome"),
              new Triple("Rome", "lies in", "Italy")));

  private static List<String> triples(KnowledgeGraph graph) {
    List<String> triples = new ArrayList<>();
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      triples.add(
          graph.entityName(graph.head(fact))
              + ", "
              + graph.relationName(graph.relation(fact))
              + ", "
              + graph.entityName(graph.tail(fact)));
    }
    return triples;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 256, 257, 65_536, 65_537})
  void factsComeSortedAndOnceForAnyNumberOfRelations(int relations) {
    Set<Integer> wanted = new TreeSet<>();
    List<Triple> triples = new ArrayList<>();
    IntStream.range(0, relations).forEach(r -> triples.add(new Triple("a", "" + r, "b")));
    for (int draw = 0; draw < 300; draw++) {
      int relation = draw * 7919 % relations;
      int tail = draw * 31 % 50;
      wanted.add(relation * 50 + tail);
      triples.add(new Triple("h", "" + relation, "t" + tail));
    }
    KnowledgeGraph graph = KnowledgeGraph.of(triples);
    int head = graph.entity("h");

    assertThat(graph.outDegree(head)).isEqualTo(wanted.size());
    for (int fact = graph.firstFact(head) + 1; fact < graph.atomicFacts(); fact++) {
      assertThat(graph.relation(fact)).isGreaterThanOrEqualTo(graph.relation(fact - 1));
      if (graph.relation(fact) == graph.relation(fact - 1)) {
        assertThat(graph.tail(fact)).isGreaterThan(graph.tail(fact - 1));
      }
    }
    assertThat(graph.relation("" + (relations - 1))).isEqualTo(relations - 1);
  }

  @Test
  void aFactTakesFewBytes() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(100_000).relations(200).outDegree(10).build();

    long bytes =
        graph.facts().bytes() + graph.entityNames().overhead() + graph.relationNames().overhead();

    assertThat((double) bytes / graph.atomicFacts()).isBetween(5.0, 8.5);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThat(FAMILY.entityName(FAMILY.entity("Bob"))).isEqualTo("Bob");
    assertThat(FAMILY.relationName(FAMILY.relation("lies in"))).isEqualTo("lies in");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.entity("Bobb"))
        .withMessage(
            "the graph has no entity \"Bobb\"; the nearest are \"Bob\", \"Rome\", \"Ada\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.relation("live in"))
        .withMessageContaining(
            "no relation \"live in\"; the nearest are \"lives in\", \"lies in\"");
  }

  @Test
  void inversesLeadBackFromTailsToHeads() {
    KnowledgeGraph both = FAMILY.withInverses();

    assertThat(both.relations()).isEqualTo(2 * FAMILY.relations());
    assertThat(triples(both))
        .containsAll(triples(FAMILY))
        .contains("Bob, ~mother of, Ada", "Cy, ~father of, Bob", "Dan, ~father of, Bob")
        .hasSize(10);
    assertThatIllegalArgumentException()
        .isThrownBy(both::withInverses)
        .withMessageContaining("\"~mother of\" begins with ~");
  }

  @Test
  void aSubgraphHoldsTheNearestFacts() {
    ImmutableIntArray bob = ImmutableIntArray.of(FAMILY.entity("Bob"));

    assertThat(triples(FAMILY.subgraph(bob, 1, 10)))
        .containsExactly("Bob, father of, Cy", "Bob, father of, Dan");
    assertThat(triples(FAMILY.subgraph(bob, 2, 10)))
        .containsExactly("Bob, father of, Cy", "Bob, father of, Dan", "Cy, lives in, Rome");
    KnowledgeGraph one = FAMILY.subgraph(bob, 9, 1);
    assertThat(triples(one)).containsExactly("Bob, father of, Cy");
    assertThat(one.entities()).isEqualTo(2);
    assertThat(one.relations()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.subgraph(ImmutableIntArray.of(), 1, 1))
        .withMessageContaining("at least one entity");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.subgraph(bob, 0, 1))
        .withMessageContaining("hops");
  }

  @Test
  void aStreamOfTriplesIsClosed() {
    boolean[] closed = new boolean[1];
    Stream<Triple> triples = Stream.of(new Triple("a", "r", "b")).onClose(() -> closed[0] = true);

    assertThat(KnowledgeGraph.of(triples).atomicFacts()).isEqualTo(1);
    assertThat(closed[0]).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 300, 70_000})
  void graphsAreEqualIfTheirNamesAndFactsAre(int relations) {
    List<Triple> triples = new ArrayList<>();
    IntStream.range(0, relations).forEach(r -> triples.add(new Triple("a", "" + r, "b")));
    List<Triple> other = new ArrayList<>(triples);
    triples.add(new Triple("b", "0", "a"));
    other.add(new Triple("b", "1", "a"));
    List<Triple> renamed = new ArrayList<>(triples);
    renamed.replaceAll(
        triple -> new Triple(triple.head(), triple.relation(), triple.tail().replace('b', 'c')));
    renamed.set(relations, new Triple("c", "0", "a"));

    assertThat(KnowledgeGraph.of(triples))
        .isEqualTo(KnowledgeGraph.of(triples))
        .hasSameHashCodeAs(KnowledgeGraph.of(triples))
        .isNotEqualTo(KnowledgeGraph.of(other))
        .isNotEqualTo(KnowledgeGraph.of(renamed));
  }

  @Test
  void aSubgraphMayHaveManyEntities() {
    List<Triple> chain = new ArrayList<>();
    IntStream.range(0, 100).forEach(e -> chain.add(new Triple("" + e, "r", "" + (e + 1))));
    KnowledgeGraph graph = KnowledgeGraph.of(chain);

    KnowledgeGraph part =
        graph.subgraph(ImmutableIntArray.of(graph.entity("0")), 60, Integer.MAX_VALUE);

    assertThat(triples(part)).isEqualTo(triples(graph).subList(0, 60));
    assertThat(part.entities()).isEqualTo(61);
  }
}
