package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;

/** How many walks there are from each entity of a graph. Immutable and thread-safe. */
final class WalkCounts {
  /** {@code counts[n][e]}: the number of walks of n hops from entity e; saturates. */
  private final long[][] counts;

  WalkCounts(KnowledgeGraph graph, int maxHops) {
    counts = new long[maxHops + 1][graph.entities()];
    Arrays.fill(counts[0], 1);
    for (int n = 1; n <= maxHops; n++) {
      for (int entity = 0; entity < graph.entities(); entity++) {
        int end = graph.firstFact(entity) + graph.outDegree(entity);
        for (int fact = graph.firstFact(entity); fact < end; fact++) {
          counts[n][entity] = saturatedSum(counts[n][entity], counts[n - 1][graph.tail(fact)]);
        }
      }
    }
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Returns the number of walks from an entity, {@link Long#MAX_VALUE} if it is that or more. */
  long from(int entity, int hops) {
    return counts[hops][entity];
  }

  /**
   * Returns the number of walks from all entities, {@link Long#MAX_VALUE} if it is that or more.
   */
  long all(int hops) {
    long all = 0;
    for (long count : counts[hops]) {
      all = saturatedSum(all, count);
    }
    return all;
  }
}
