package io.github.recurrent.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final KnowledgeGraph FAMILY =
      SmallGraphs.of(
          "Ada | mother of | Bob",
          "Ada | mother of | Cid",
          "Ada | mother of | Dan",
          "Bob | born in | Paris",
          "Cid | born in | Paris",
          "Paris | capital of | France",
          "x < y | born in | a & b");

  @Test
  void aQueryHasAllItsAnswersByName() {
    assertThat(FAMILY.answers(Query.from("Ada").follow("mother of")))
        .containsExactly("Bob", "Cid", "Dan");
    assertThat(FAMILY.answers(Query.from("Ada").follow("mother of").follow("born in")))
        .containsExactly("Paris");
    assertThat(FAMILY.answers(Query.from("x < y").follow("born in"))).containsExactly("a & b");
    assertThat(FAMILY.answers(Query.from("Paris").follow("born in"))).isEmpty();
  }

  @Test
  void anExplanationTellsTheWaysThatReachAnEnd() {
    Explanation explanation =
        FAMILY.explain(Query.from("Ada").follow("mother of").follow("born in"), 10);

    assertThat(explanation)
        .hasToString("Ada —mother of→ Bob —born in→ Paris\nAda —mother of→ Cid —born in→ Paris");
    assertThat(explanation.isComplete()).isTrue();
    assertThat(explanation.deadEnd()).isEmpty();
    assertThat(explanation.ends()).containsExactly("Paris");
    assertThat(explanation.ways().get(1).bridges()).containsExactly("Cid");
  }

  @Test
  void waysAreBounded() {
    Explanation explanation = FAMILY.explain(Query.from("Ada").follow("mother of"), 2);

    assertThat(explanation.ways()).hasSize(2);
    assertThat(explanation.isComplete()).isFalse();
    assertThat(explanation).hasToString("Ada —mother of→ Bob\nAda —mother of→ Cid\n…");
    assertThat(FAMILY.explain(Query.from("Ada").follow("mother of"), 3).isComplete()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.explain(Query.from("Ada").follow("mother of"), 0));
  }

  @Test
  void anExplanationTellsWhereAChainBreaksOff() {
    Explanation explanation =
        FAMILY.explain(
            Query.from("Ada").follow("mother of").follow("capital of").follow("born in"), 10);

    assertThat(explanation.ways()).isEmpty();
    assertThat(explanation.deadEnd().orElseThrow().hop()).isEqualTo(2);
    assertThat(explanation).hasToString("hop 2, \"capital of\", leads nowhere from Bob, Cid, Dan");
  }

  @Test
  void unknownNamesListTheNearest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.answers(Query.from("Add").follow("mother of")))
        .withMessageContaining("entity")
        .withMessageContaining("\"Add\"")
        .withMessageContaining("Ada");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.explain(Query.from("Ada").follow("mother in"), 1))
        .withMessageContaining("relation")
        .withMessageContaining("mother of");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FAMILY.answers(Query.of("<r_born in>", "<r_born in>")))
        .withMessageContaining("<r_born in>")
        .withMessageContaining("entity");
  }

  @Test
  void aLongChainOfManyWaysIsExplained() {
    KnowledgeGraph fork = SmallGraphs.of("a | r | a", "a | r | b", "b | r | a", "b | r | b");
    Query query = Query.from("a").follow("r");
    for (int hop = 1; hop < 3000; hop++) {
      query = query.follow("r");
    }

    Explanation explanation = fork.explain(query, 5);

    assertThat(explanation.ways()).hasSize(5);
    assertThat(explanation.isComplete()).isFalse();
  }

  @Test
  void answersAndWaysAreThoseOfAPlainSearch() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      KnowledgeGraph graph = SmallGraphs.random(6, 3, 12, round);
      Query query = Query.from("" + random.nextInt(6)).follow("r" + random.nextInt(3));
      for (int hop = random.nextInt(4); hop > 0; hop--) {
        query = query.follow("r" + random.nextInt(3));
      }
      Set<String> ways = new LinkedHashSet<>();
      search(graph, new ArrayList<>(List.of(query.headName())), query.relationNames(), ways);
      Set<String> ends = new TreeSet<>();
      ways.forEach(way -> ends.add(way.substring(way.lastIndexOf(' ') + 1)));

      Explanation explanation = graph.explain(query, 100_000);

      assertThat(explanation.ways())
          .map(Explanation.Way::toString)
          .containsExactlyInAnyOrderElementsOf(ways);
      assertThat(graph.answers(query)).containsExactlyInAnyOrderElementsOf(ends);
      assertThat(explanation.deadEnd().isPresent()).isEqualTo(ways.isEmpty());
    }
  }

  private static void search(
      KnowledgeGraph graph, List<String> path, List<String> relations, Set<String> ways) {
    int hop = path.size() - 1;
    if (hop == relations.size()) {
      StringBuilder way = new StringBuilder(path.get(0));
      for (int index = 0; index < hop; index++) {
        way.append(" —").append(relations.get(index)).append("→ ").append(path.get(index + 1));
      }
      ways.add(way.toString());
      return;
    }
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      if (graph.entityName(graph.head(fact)).equals(path.get(hop))
          && graph.relationName(graph.relation(fact)).equals(relations.get(hop))) {
        path.add(graph.entityName(graph.tail(fact)));
        search(graph, path, relations, ways);
        path.remove(path.size() - 1);
      }
    }
  }
}
