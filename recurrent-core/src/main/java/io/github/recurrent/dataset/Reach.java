package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many hops can be gone from each entity of a graph, at most so many as are asked. Immutable
 * and thread-safe.
 */
final class Reach {
  private final int maxHops;

  /** The hops that can be gone from each entity; empty if all can be gone from every one. */
  private final short[] hops;

  /** {@code starts[n]}: the number of facts from whose tail n hops can be gone. */
  private final long[] starts;

  Reach(KnowledgeGraph graph, int maxHops) {
    checkArgument(
        maxHops <= Short.MAX_VALUE,
        "walks have at most %s hops, but %s are asked",
        Short.MAX_VALUE,
        maxHops);
    this.maxHops = maxHops;
    this.starts = new long[maxHops + 1];
    if (IntStream.range(0, graph.entities()).allMatch(entity -> graph.outDegree(entity) > 0)) {
      hops = new short[0];
      Arrays.fill(starts, graph.atomicFacts());
      return;
    }
    hops = new short[graph.entities()];
    boolean more = true;
    for (int n = 1; n <= maxHops && more; n++) {
      more = goFurther(graph, n);
    }
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      starts[hops[graph.tail(fact)]]++;
    }
    for (int n = maxHops; n > 0; n--) {
      starts[n - 1] += starts[n];
    }
  }

  /**
   * Finds the entities from which n hops can be gone, and returns whether they are fewer than those
   * of one hop less; else all that are left go on forever.
   */
  private boolean goFurther(KnowledgeGraph graph, int n) {
    boolean fewer = false;
    // Only entities that are not yet further are raised, so that this round reads what the last
    // one wrote.
    for (int entity = 0; entity < hops.length; entity++) {
      if (hops[entity] == n - 1) {
        if (goes(graph, entity, n - 1)) {
          hops[entity] = (short) n;
        } else {
          fewer = true;
        }
      }
    }
    if (!fewer) {
      for (int entity = 0; entity < hops.length; entity++) {
        if (hops[entity] == n) {
          hops[entity] = (short) maxHops;
        }
      }
    }
    return fewer;
  }

  private boolean goes(KnowledgeGraph graph, int entity, int hopsFromTail) {
    int end = graph.firstFact(entity) + graph.outDegree(entity);
    for (int fact = graph.firstFact(entity); fact < end; fact++) {
      if (hops[graph.tail(fact)] >= hopsFromTail) {
        return true;
      }
    }
    return false;
  }

  int maxHops() {
    return maxHops;
  }

  /** Returns whether no walk ends early. */
  boolean isEndless() {
    return hops.length == 0;
  }

  /** Returns whether a walk of so many hops can start at an entity. */
  boolean canGo(int entity, int wanted) {
    return hops.length == 0 || hops[entity] >= wanted;
  }

  /** Returns the number of facts with which a walk of so many hops can begin, at least one. */
  long starts(int walkHops) {
    return starts[walkHops - 1];
  }
}
