package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;

/** The facts of a graph by their relations, heads ascending. Immutable and thread-safe. */
final class RelationIndex {
  private final int[] firsts;
  private final int[] heads;
  private final int[] tails;

  RelationIndex(KnowledgeGraph graph) {
    firsts = new int[graph.relations() + 1];
    heads = new int[graph.atomicFacts()];
    tails = new int[graph.atomicFacts()];
    for (int fact = 0; fact < heads.length; fact++) {
      firsts[graph.relation(fact) + 1]++;
    }
    for (int relation = 0; relation < graph.relations(); relation++) {
      firsts[relation + 1] += firsts[relation];
    }
    int[] next = firsts.clone();
    for (int head = 0; head < graph.entities(); head++) {
      int end = graph.firstFact(head) + graph.outDegree(head);
      for (int fact = graph.firstFact(head); fact < end; fact++) {
        int place = next[graph.relation(fact)]++;
        heads[place] = head;
        tails[place] = graph.tail(fact);
      }
    }
  }

  /** Returns where the facts of a relation begin, and those of the one before it end. */
  int first(int relation) {
    return firsts[relation];
  }

  int head(int place) {
    return heads[place];
  }

  int tail(int place) {
    return tails[place];
  }
}
