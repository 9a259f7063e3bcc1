package io.github.recurrent.graph;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SortedFacts;
import java.util.Arrays;
import java.util.BitSet;

/** Walks a graph from some entities on, breadth first, and keeps what it passes. */
final class Subgraph {
  private final KnowledgeGraph graph;
  private final BitSet entities = new BitSet();
  private final BitSet facts = new BitSet();
  private int[] queue = new int[16];
  private int queued;

  private Subgraph(KnowledgeGraph graph) {
    this.graph = graph;
  }

  static KnowledgeGraph of(KnowledgeGraph graph, ImmutableIntArray seeds, int hops, int maxFacts) {
    Subgraph walked = new Subgraph(graph);
    seeds.forEach(walked::reach);
    walked.walk(hops, maxFacts);
    return walked.renumbered();
  }

  private void walk(int hops, int maxFacts) {
    int kept = 0;
    int next = 0;
    for (int hop = 0; hop < hops; hop++) {
      for (int end = queued; next < end; next++) {
        int fact = graph.firstFact(queue[next]);
        for (int beyond = fact + graph.outDegree(queue[next]); fact < beyond; fact++) {
          if (kept == maxFacts) {
            return;
          }
          facts.set(fact);
          kept++;
          reach(graph.tail(fact));
        }
      }
    }
  }

  private void reach(int entity) {
    if (entities.get(entity)) {
      return;
    }
    entities.set(entity);
    if (queued == queue.length) {
      queue = Arrays.copyOf(queue, 2 * queued);
    }
    queue[queued++] = entity;
  }

  private KnowledgeGraph renumbered() {
    NameTable entityNames = new NameTable();
    int[] numbers = new int[graph.entities()];
    for (int entity = entities.nextSetBit(0);
        entity >= 0;
        entity = entities.nextSetBit(entity + 1)) {
      numbers[entity] = entityNames.addFrom(graph.entityNames(), entity);
    }
    BitSet followed = new BitSet();
    facts.stream().map(graph::relation).forEach(followed::set);
    NameTable relationNames = new NameTable();
    int[] relations = new int[graph.relations()];
    followed.stream()
        .forEach(old -> relations[old] = relationNames.addFrom(graph.relationNames(), old));
    FactColumns columns = new FactColumns();
    for (int head = entities.nextSetBit(0); head >= 0; head = entities.nextSetBit(head + 1)) {
      int beyond = graph.firstFact(head) + graph.outDegree(head);
      int fact = facts.nextSetBit(graph.firstFact(head));
      while (0 <= fact && fact < beyond) {
        columns.add(numbers[head], relations[graph.relation(fact)], numbers[graph.tail(fact)]);
        fact = facts.nextSetBit(fact + 1);
      }
    }
    entityNames.trim();
    relationNames.trim();
    return new KnowledgeGraph(
        entityNames,
        relationNames,
        SortedFacts.of(columns, entityNames.size(), relationNames.size(), new BitSet()));
  }
}
