package io.github.recurrent.graph;

import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SortedFacts;
import java.util.BitSet;

/** Adds the way back of each fact. */
final class Inverses {
  private static final String MARK = "~";

  private Inverses() {}

  static KnowledgeGraph added(KnowledgeGraph graph) {
    NameTable relations = new NameTable();
    for (int relation = 0; relation < graph.relations(); relation++) {
      String name = graph.relationName(relation);
      if (name.startsWith(MARK)) {
        throw new IllegalArgumentException(
            "the relation \""
                + name
                + "\" begins with "
                + MARK
                + ", as an inverse does; the graph may have its inverses already");
      }
      relations.addFrom(graph.relationNames(), relation);
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      relations.add(MARK + graph.relationName(relation));
    }
    relations.trim();
    FactColumns facts = new FactColumns();
    for (int head = 0; head < graph.entities(); head++) {
      int beyond = graph.firstFact(head) + graph.outDegree(head);
      for (int fact = graph.firstFact(head); fact < beyond; fact++) {
        facts.add(head, graph.relation(fact), graph.tail(fact));
        facts.add(graph.tail(fact), graph.relations() + graph.relation(fact), head);
      }
    }
    return new KnowledgeGraph(
        graph.entityNames(),
        relations,
        SortedFacts.of(facts, graph.entities(), relations.size(), new BitSet()));
  }
}
