package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The two-hop queries of a graph, and of which atomic facts they are composed. Several ways may
 * lead through the chain of one query, where a head has several tails by a relation.
 */
final class TwoHopQueries {
  /** Of which atomic facts all ways of a query are composed. */
  enum Kind {
    /** Of two in-distribution facts each. */
    ID,
    /** Of two out-of-distribution facts each. */
    OOD,
    /** Of one of each kind, or of either on different ways. */
    MIXED
  }

  /** Takes the queries one by one. */
  @FunctionalInterface
  interface Taker {
    void take(int head, int first, int second, Kind kind);
  }

  private final KnowledgeGraph graph;
  private final BitSet ood;

  /** The number of the one-hop query, in order, of which a fact is. */
  private final int[] oneHopQueries;

  /**
   * @param ood which queries of one hop, in order, are out of distribution
   */
  TwoHopQueries(KnowledgeGraph graph, BitSet ood) {
    this.graph = graph;
    this.ood = ood;
    this.oneHopQueries = new int[graph.atomicFacts()];
    int query = -1;
    for (int head = 0; head < graph.entities(); head++) {
      int first = graph.firstFact(head);
      int end = first + graph.outDegree(head);
      for (int fact = first; fact < end; fact++) {
        if (fact == first || graph.relation(fact) != graph.relation(fact - 1)) {
          query++;
        }
        oneHopQueries[fact] = query;
      }
    }
  }

  /** Gives all queries in the order of their heads, then of their relations. */
  void forEach(Taker taker) {
    for (int head = 0; head < graph.entities(); head++) {
      int end = graph.firstFact(head) + graph.outDegree(head);
      for (int fact = graph.firstFact(head); fact < end; ) {
        int beyond = fact + 1;
        while (beyond < end && graph.relation(beyond) == graph.relation(fact)) {
          beyond++;
        }
        compose(head, fact, beyond, taker);
        fact = beyond;
      }
    }
  }

  /** Gives the queries that begin with the facts of one head and relation. */
  private void compose(int head, int first, int beyond, Taker taker) {
    boolean firstOod = isOod(first);
    long[] seconds = seconds(first, beyond);
    for (int way = 0; way < seconds.length; ) {
      int relation = (int) (seconds[way] >> 1);
      boolean anyId = false;
      boolean anyOod = false;
      for (; way < seconds.length && (int) (seconds[way] >> 1) == relation; way++) {
        anyOod |= (seconds[way] & 1) == 1;
        anyId |= (seconds[way] & 1) == 0;
      }
      Kind kind = firstOod && !anyId ? Kind.OOD : !firstOod && !anyOod ? Kind.ID : Kind.MIXED;
      taker.take(head, graph.relation(first), relation, kind);
    }
  }

  /** Returns the relations from the tails of facts, and in the last bit whether they are OOD. */
  private long[] seconds(int first, int beyond) {
    int count = 0;
    for (int fact = first; fact < beyond; fact++) {
      count += graph.outDegree(graph.tail(fact));
    }
    long[] seconds = new long[count];
    count = 0;
    for (int fact = first; fact < beyond; fact++) {
      int bridge = graph.tail(fact);
      int end = graph.firstFact(bridge) + graph.outDegree(bridge);
      for (int second = graph.firstFact(bridge); second < end; second++) {
        seconds[count++] = (long) graph.relation(second) << 1 | (isOod(second) ? 1 : 0);
      }
    }
    if (beyond - first > 1) {
      Arrays.sort(seconds);
    }
    return seconds;
  }

  private boolean isOod(int fact) {
    return ood.get(oneHopQueries[fact]);
  }
}
