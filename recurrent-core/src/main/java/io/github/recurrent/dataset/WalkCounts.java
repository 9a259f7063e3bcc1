package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many queries of each number of hops a graph has at least. Where no head has two tails by a
 * relation, these are the walks, and their number is exact. Immutable and thread-safe.
 */
final class WalkCounts {
  private static final int ENTITIES_AT_ONCE = 1 << 14;

  /** {@code totals[n]}: the number of n hops from all entities; saturates. */
  private final long[] totals;

  /**
   * @param reach of the graph, which says up to how many hops to count
   */
  WalkCounts(KnowledgeGraph graph, Reach reach) {
    totals = new long[reach.maxHops() + 1];
    long[] last = new long[graph.entities()];
    long[] next = new long[graph.entities()];
    Arrays.fill(last, 1);
    totals[0] = graph.entities();
    for (int n = 1; n < totals.length; n++) {
      if (reach.isEndless() && totals[n - 1] == Long.MAX_VALUE) {
        // Each walk can be made longer.
        Arrays.fill(totals, n, totals.length, Long.MAX_VALUE);
        return;
      }
      totals[n] = count(graph, last, next);
      long[] swapped = last;
      last = next;
      next = swapped;
    }
  }

  private static long count(KnowledgeGraph graph, long[] last, long[] next) {
    int parts = (next.length + ENTITIES_AT_ONCE - 1) / ENTITIES_AT_ONCE;
    return IntStream.range(0, parts)
        .parallel()
        .mapToLong(
            part -> {
              int first = part * ENTITIES_AT_ONCE;
              return count(
                  graph, last, next, first, Math.min(next.length - first, ENTITIES_AT_ONCE));
            })
        .reduce(0, WalkCounts::saturatedSum);
  }

  private static long count(
      KnowledgeGraph graph, long[] last, long[] next, int first, int entities) {
    long all = 0;
    for (int entity = first; entity < first + entities; entity++) {
      int end = graph.firstFact(entity) + graph.outDegree(entity);
      long ofEntity = 0;
      int relation = -1;
      long ofRelation = 0;
      for (int fact = graph.firstFact(entity); fact < end; fact++) {
        long ofTail = last[graph.tail(fact)];
        if (graph.relation(fact) == relation) {
          // Chains from several tails may be the same, but those from one are not.
          ofRelation = Math.max(ofRelation, ofTail);
        } else {
          ofEntity = saturatedSum(ofEntity, ofRelation);
          relation = graph.relation(fact);
          ofRelation = ofTail;
        }
      }
      next[entity] = saturatedSum(ofEntity, ofRelation);
      all = saturatedSum(all, next[entity]);
    }
    return all;
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /**
   * Returns the least number of queries of so many hops, {@link Long#MAX_VALUE} if it is that or
   * more.
   */
  long atLeast(int hops) {
    return totals[hops];
  }
}
