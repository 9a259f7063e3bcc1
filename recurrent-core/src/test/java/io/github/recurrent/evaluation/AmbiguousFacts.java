package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableSet;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All queries of a small graph that have an answer, with the sets of their answers. */
final class AmbiguousFacts {
  private AmbiguousFacts() {}

  static Facts of(KnowledgeGraph graph, Vocabulary vocabulary, int hops) {
    List<Query> queries = new ArrayList<>();
    List<Set<String>> answers = new ArrayList<>();
    for (int head = 0; head < graph.entities(); head++) {
      for (int relation = 0; relation < graph.relations(); relation++) {
        add(
            graph,
            Query.from(graph.entityName(head)).follow(graph.relationName(relation)),
            hops,
            queries,
            answers);
      }
    }
    return Facts.ofSets(queries, answers, vocabulary);
  }

  private static void add(
      KnowledgeGraph graph, Query query, int hops, List<Query> queries, List<Set<String>> answers) {
    ImmutableSet<String> ends = graph.answers(query);
    if (ends.isEmpty()) {
      return;
    }
    if (query.hops() == hops) {
      queries.add(query);
      answers.add(ends);
      return;
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      add(graph, query.follow(graph.relationName(relation)), hops, queries, answers);
    }
  }
}
