package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives the queries of one number of hops of a graph, each once: in the order of their heads, then
 * of their first relations, and so on. Not thread-safe.
 */
final class QueryEnumeration {
  /** Takes the queries one by one. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes a query, and returns whether another is wanted.
     *
     * @param query the head and the relations, in an array that is used again
     */
    boolean take(int[] query) throws IOException;
  }

  private final KnowledgeGraph graph;
  private final Reach reach;
  private final int hops;
  private final @Nullable QueryChoice choice;
  private final Taker taker;
  private final int[] query;
  private boolean more = true;

  /**
   * @param choice which queries to give; null if all are
   */
  QueryEnumeration(
      KnowledgeGraph graph, Reach reach, int hops, @Nullable QueryChoice choice, Taker taker) {
    this.graph = graph;
    this.reach = reach;
    this.hops = hops;
    this.choice = choice;
    this.taker = taker;
    this.query = new int[hops + 1];
  }

  /** Gives the queries whose heads are in a range, of which the last entity is excluded. */
  void run(int firstHead, int beyond) throws IOException {
    for (int head = firstHead; head < beyond && more; head++) {
      if (reach.canGo(head, hops)) {
        query[0] = head;
        extend(1, new int[] {head}, 1);
      }
    }
  }

  /** Gives the queries that begin as the current one, which leads to the given entities. */
  private void extend(int hop, int[] entities, int count) throws IOException {
    if (hop > hops) {
      if (choice == null || choice.takes(query)) {
        more = taker.take(query);
      }
      return;
    }
    long[] edges = edges(entities, count, hops - hop);
    int[] tails = new int[edges.length];
    for (int edge = 0; edge < edges.length && more; ) {
      int relation = (int) (edges[edge] >> 32);
      int reached = 0;
      for (; edge < edges.length && (int) (edges[edge] >> 32) == relation; edge++) {
        int tail = (int) edges[edge];
        if (reached == 0 || tails[reached - 1] != tail) {
          tails[reached++] = tail;
        }
      }
      query[hop] = relation;
      extend(hop + 1, Arrays.copyOf(tails, reached), reached);
    }
  }

  /** Returns the relations and tails of the facts on which a walk can go on, in ascending order. */
  private long[] edges(int[] entities, int count, int hopsLeft) {
    long[] edges = new long[16];
    int found = 0;
    for (int i = 0; i < count; i++) {
      int end = graph.firstFact(entities[i]) + graph.outDegree(entities[i]);
      for (int fact = graph.firstFact(entities[i]); fact < end; fact++) {
        if (reach.canGo(graph.tail(fact), hopsLeft)) {
          if (found == edges.length) {
            edges = Arrays.copyOf(edges, 2 * found);
          }
          edges[found++] = (long) graph.relation(fact) << 32 | graph.tail(fact);
        }
      }
    }
    Arrays.sort(edges, 0, found);
    return Arrays.copyOf(edges, found);
  }
}
