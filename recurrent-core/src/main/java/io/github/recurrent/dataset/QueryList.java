package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lists the queries that a {@link QueryEnumeration} gives. Not thread-safe. */
final class QueryList {
  private final int stride;
  private int[] rows = new int[64];
  private int size;

  /**
   * @param choice which queries to list; null if all are
   * @param limit the most queries to list, at least 1
   */
  QueryList(KnowledgeGraph graph, Reach reach, int hops, @Nullable QueryChoice choice, long limit) {
    stride = hops + 1;
    QueryEnumeration.Taker taker =
        query -> {
          add(query);
          return size < limit;
        };
    try {
      new QueryEnumeration(graph, reach, hops, choice, taker).run(0, graph.entities());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(int[] query) {
    int start = Math.multiplyExact(size, stride);
    int end = Math.addExact(start, stride);
    if (end > rows.length) {
      rows = Arrays.copyOf(rows, (int) Math.min(Integer.MAX_VALUE - 8, 2L * end));
    }
    System.arraycopy(query, 0, rows, start, stride);
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
