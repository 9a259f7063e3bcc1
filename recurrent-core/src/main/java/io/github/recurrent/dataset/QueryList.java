package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lists the queries of one number of hops of a graph, each once: in the order of their heads, then
 * of their first relations, and so on. Not thread-safe.
 */
final class QueryList {
  private final KnowledgeGraph graph;
  private final Reach reach;
  private final int hops;
  private final @Nullable QueryChoice choice;
  private final long limit;
  private final int[] query;
  private int[] rows = new int[64];
  private int size;

  /**
   * @param choice which queries to list; null if all are
   * @param limit the most queries to list
   */
  QueryList(KnowledgeGraph graph, Reach reach, int hops, @Nullable QueryChoice choice, long limit) {
    this.graph = graph;
    this.reach = reach;
    this.hops = hops;
    this.choice = choice;
    this.limit = limit;
    this.query = new int[hops + 1];
    for (int head = 0; head < graph.entities() && size < limit; head++) {
      if (reach.canGo(head, hops)) {
        query[0] = head;
        extend(1, new int[] {head}, 1);
      }
    }
  }

  /** Adds the queries that begin as the current one, which leads to the given entities. */
  private void extend(int hop, int[] entities, int count) {
    if (hop > hops) {
      if (choice == null || choice.takes(query)) {
        add();
      }
      return;
    }
    long[] edges = edges(entities, count, hops - hop);
    int[] tails = new int[edges.length];
    for (int edge = 0; edge < edges.length && size < limit; ) {
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

  private void add() {
    int start = Math.multiplyExact(size, query.length);
    int end = Math.addExact(start, query.length);
    if (end > rows.length) {
      rows = Arrays.copyOf(rows, (int) Math.min(Integer.MAX_VALUE - 8, 2L * end));
    }
    System.arraycopy(query, 0, rows, start, query.length);
    size++;
  }

  /** Returns the number of queries. */
  int size() {
    return size;
  }

  /** Returns the queries' indices: {@code hops + 1} each, the head and the relations. */
  int[] rows() {
    return rows;
  }
}
