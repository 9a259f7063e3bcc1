package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds where chains of relations end, for very many chains: each hop reads either the facts of the
 * entities reached or those of the relation, whichever are fewer. Not thread-safe.
 */
final class ChainEnds {
  private final KnowledgeGraph graph;
  private final @Nullable RelationIndex index;

  /** The last round at whose beginning an entity was reached; no round clears another's. */
  private int[] before = new int[0];

  /** The last round at whose end an entity was reached. */
  private int[] after = new int[0];

  private int round;
  private int[] reached = new int[16];
  private int[] next = new int[16];
  private int count;

  /**
   * @param index of the graph, if there is one
   */
  ChainEnds(KnowledgeGraph graph, @Nullable RelationIndex index) {
    this.graph = graph;
    this.index = index;
  }

  /**
   * Returns the ends in ascending order.
   *
   * @param row where the chain begins: the head, then the relations, by their indices
   */
  int[] of(int[] rows, int row, int hops) {
    reached[0] = rows[row];
    count = 1;
    for (int hop = 1; hop <= hops; hop++) {
      step(rows[row + hop]);
    }
    int[] ends = Arrays.copyOf(reached, count);
    Arrays.sort(ends);
    return ends;
  }

  private void step(int relation) {
    if (count == 1) {
      stepFromOne(relation);
      return;
    }
    if (before.length == 0) {
      before = new int[graph.entities()];
      after = new int[graph.entities()];
    }
    if (++round == Integer.MAX_VALUE) {
      Arrays.fill(before, 0);
      Arrays.fill(after, 0);
      round = 1;
    }
    // 16: about what it takes to find a relation among the facts of an entity.
    if (index != null && index.first(relation + 1) - index.first(relation) < 16L * count) {
      stepByRelation(index, relation);
    } else {
      stepByEntity(relation);
    }
    int[] last = reached;
    reached = next;
    next = last;
  }

  private void stepFromOne(int relation) {
    int head = reached[0];
    int fact = firstFact(head, relation);
    int end = graph.firstFact(head) + graph.outDegree(head);
    count = 0;
    for (; fact < end && graph.relation(fact) == relation; fact++) {
      if (count == reached.length) {
        reached = Arrays.copyOf(reached, 2 * count);
      }
      reached[count++] = graph.tail(fact);
    }
  }

  private void stepByEntity(int relation) {
    int from = count;
    count = 0;
    for (int i = 0; i < from; i++) {
      int head = reached[i];
      int end = graph.firstFact(head) + graph.outDegree(head);
      for (int fact = firstFact(head, relation);
          fact < end && graph.relation(fact) == relation;
          fact++) {
        reach(graph.tail(fact));
      }
    }
  }

  private void stepByRelation(RelationIndex facts, int relation) {
    for (int i = 0; i < count; i++) {
      before[reached[i]] = round;
    }
    count = 0;
    int end = facts.first(relation + 1);
    for (int place = facts.first(relation); place < end; place++) {
      if (before[facts.head(place)] == round) {
        reach(facts.tail(place));
      }
    }
  }

  private void reach(int entity) {
    if (after[entity] != round) {
      after[entity] = round;
      if (count == next.length) {
        next = Arrays.copyOf(next, 2 * count);
      }
      next[count++] = entity;
    }
  }

  /** Returns a head's first fact by this relation or a later one. */
  private int firstFact(int head, int relation) {
    int fact = graph.firstFact(head);
    int beyond = fact + graph.outDegree(head);
    while (fact < beyond) {
      int middle = (fact + beyond) >>> 1;
      if (graph.relation(middle) < relation) {
        fact = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return fact;
  }
}
