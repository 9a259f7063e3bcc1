package io.github.recurrent.graph;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.BitSet;

/** Follows chains of relations through a graph. Immutable and thread-safe. */
final class Chains {
  private final KnowledgeGraph graph;

  Chains(KnowledgeGraph graph) {
    this.graph = graph;
  }

  /** Returns the entities at which a chain of relations from a head ends, in ascending order. */
  ImmutableIntArray ends(int head, int... relations) {
    int[] reached = {head};
    for (int relation : relations) {
      reached = step(reached, relation);
    }
    return ImmutableIntArray.copyOf(reached);
  }

  /** Returns the tails of some entities by a relation, in ascending order. */
  ImmutableIntArray step(ImmutableIntArray from, int relation) {
    return ImmutableIntArray.copyOf(step(from.toArray(), relation));
  }

  private int[] step(int[] from, int relation) {
    if (from.length == 1) {
      return tails(from[0], relation);
    }
    BitSet reached = new BitSet();
    for (int entity : from) {
      int end = graph.firstFact(entity, relation + 1);
      for (int fact = graph.firstFact(entity, relation); fact < end; fact++) {
        reached.set(graph.tail(fact));
      }
    }
    return reached.stream().toArray();
  }

  private int[] tails(int head, int relation) {
    int first = graph.firstFact(head, relation);
    int[] tails = new int[graph.firstFact(head, relation + 1) - first];
    Arrays.setAll(tails, index -> graph.tail(first + index));
    return tails;
  }
}
