package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;

/** Finds the heads of facts in few steps. Immutable and thread-safe. */
final class WalkStarts {
  private static final int FACTS_BITS = 6;

  private final KnowledgeGraph graph;

  /** The number of facts of every head, if they all have as many; else 0. */
  private final int degree;

  /** The head of every 64th fact, and the last head; empty if heads follow from the degree. */
  private final int[] heads;

  WalkStarts(KnowledgeGraph graph) {
    this.graph = graph;
    this.degree = degree(graph);
    this.heads = degree > 0 ? new int[0] : heads(graph);
  }

  private static int degree(KnowledgeGraph graph) {
    int degree = graph.entities() == 0 ? 0 : graph.outDegree(0);
    for (int head = 1; head < graph.entities(); head++) {
      if (graph.outDegree(head) != degree) {
        return 0;
      }
    }
    return degree;
  }

  private static int[] heads(KnowledgeGraph graph) {
    int marks = ((graph.atomicFacts() - 1) >> FACTS_BITS) + 1;
    int[] heads = new int[marks + 1];
    int mark = 0;
    for (int head = 0; head < graph.entities(); head++) {
      int beyond = graph.firstFact(head) + graph.outDegree(head);
      while (mark < marks && (mark << FACTS_BITS) < beyond) {
        heads[mark++] = head;
      }
    }
    heads[marks] = graph.entities() - 1;
    return heads;
  }

  /** Returns the number of facts of every head, or 0 if they do not all have as many. */
  int degree() {
    return degree;
  }

  int head(int fact) {
    if (degree > 0) {
      return fact / degree;
    }
    int head = heads[fact >> FACTS_BITS];
    int beyond = heads[(fact >> FACTS_BITS) + 1] + 1;
    // The last head whose facts begin at or before the fact: one without facts shares its first
    // fact with the next that has some.
    while (beyond - head > 1) {
      int middle = (head + beyond) >>> 1;
      if (graph.firstFact(middle) <= fact) {
        head = middle;
      } else {
        beyond = middle;
      }
    }
    return head;
  }
}
