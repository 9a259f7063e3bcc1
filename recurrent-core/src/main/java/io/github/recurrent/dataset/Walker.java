package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Draws walks of one number of hops, many at a time: all take their first hop, then all take their
 * second. Their reads of a large graph then overlap, where each read of a single walk would wait
 * for the one before. Not thread-safe.
 */
final class Walker {
  private static final int AT_ONCE = 256;

  /** Draws of an edge, after which those that lead on are listed. */
  private static final int EDGE_DRAWS = 16;

  /** If fewer than one of so many facts begin a walk, those that do are listed. */
  private static final int START_DRAWS = 8;

  private final KnowledgeGraph graph;
  private final Reach reach;
  private final WalkStarts starts;
  private final int hops;
  private final UniformRandomProvider random;

  /** The facts with which a walk can begin, if few can; else empty. */
  private final int[] listedStarts;

  private final int[] heads = new int[AT_ONCE];
  private final int[] entities = new int[AT_ONCE];
  private final int[] edges = new int[AT_ONCE];

  /** {@code relations[hop - 1][walk]}; the edges' offsets, until the walks are gone. */
  private final int[][] relations;

  /**
   * @param hops at least one walk of the graph has so many
   */
  Walker(
      KnowledgeGraph graph,
      Reach reach,
      WalkStarts starts,
      int hops,
      UniformRandomProvider random) {
    this(graph, reach, starts, hops, random, listStarts(graph, reach, hops));
  }

  /**
   * @param listedStarts what {@link #listStarts} returns of the others
   */
  Walker(
      KnowledgeGraph graph,
      Reach reach,
      WalkStarts starts,
      int hops,
      UniformRandomProvider random,
      int[] listedStarts) {
    this.graph = graph;
    this.reach = reach;
    this.starts = starts;
    this.hops = hops;
    this.random = random;
    this.relations = new int[hops][AT_ONCE];
    this.listedStarts = listedStarts;
  }

  /** Lists the facts with which a walk can begin, if few can; else none. */
  static int[] listStarts(KnowledgeGraph graph, Reach reach, int hops) {
    if (reach.starts(hops) >= graph.atomicFacts() / START_DRAWS) {
      return new int[0];
    }
    int[] listed = new int[(int) reach.starts(hops)];
    int count = 0;
    for (int fact = 0; fact < graph.atomicFacts(); fact++) {
      if (reach.canGo(graph.tail(fact), hops - 1)) {
        listed[count++] = fact;
      }
    }
    return listed;
  }

  /**
   * Draws the next walks, at most so many as are wanted, and returns how many. The random numbers
   * that n walks take do not depend on how they are asked, if all heads have as many facts.
   */
  int walk(long wanted) {
    int count = (int) Math.min(AT_ONCE, wanted);
    if (starts.degree() > 0) {
      walkEvenly(count, starts.degree());
    } else {
      walkAnywhere(count);
    }
    return count;
  }

  /** Walks where all heads have as many facts, so that random numbers need no look at the graph. */
  private void walkEvenly(int count, int degree) {
    for (int walk = 0; walk < count; walk++) {
      edges[walk] = random.nextInt(graph.atomicFacts());
      for (int hop = 1; hop < hops; hop++) {
        relations[hop][walk] = random.nextInt(degree);
      }
    }
    for (int walk = 0; walk < count; walk++) {
      heads[walk] = edges[walk] / degree;
    }
    goTo(count, relations[0]);
    for (int hop = 1; hop < hops; hop++) {
      int[] offsets = relations[hop];
      for (int walk = 0; walk < count; walk++) {
        edges[walk] = entities[walk] * degree + offsets[walk];
      }
      goTo(count, offsets);
    }
  }

  private void goTo(int count, int[] hopRelations) {
    for (int walk = 0; walk < count; walk++) {
      entities[walk] = graph.tail(edges[walk]);
      hopRelations[walk] = graph.relation(edges[walk]);
    }
  }

  private void walkAnywhere(int count) {
    for (int walk = 0; walk < count; walk++) {
      edges[walk] = start();
    }
    for (int walk = 0; walk < count; walk++) {
      heads[walk] = starts.head(edges[walk]);
    }
    goTo(count, relations[0]);
    for (int hop = 1; hop < hops; hop++) {
      int[] degrees = relations[hop];
      for (int walk = 0; walk < count; walk++) {
        edges[walk] = graph.firstFact(entities[walk]);
        degrees[walk] = graph.outDegree(entities[walk]);
      }
      for (int walk = 0; walk < count; walk++) {
        edges[walk] += random.nextInt(degrees[walk]);
      }
      if (!reach.isEndless()) {
        drawAgain(count, hops - 1 - hop);
      }
      goTo(count, degrees);
    }
  }

  private int start() {
    if (listedStarts.length > 0) {
      return listedStarts[random.nextInt(listedStarts.length)];
    }
    int start;
    do {
      start = random.nextInt(graph.atomicFacts());
    } while (!reach.canGo(graph.tail(start), hops - 1));
    return start;
  }

  /** Replaces edges that lead to where a walk could not go on. */
  private void drawAgain(int count, int hopsLeft) {
    for (int walk = 0; walk < count; walk++) {
      int draws = 1;
      while (!reach.canGo(graph.tail(edges[walk]), hopsLeft)) {
        int first = graph.firstFact(entities[walk]);
        int degree = graph.outDegree(entities[walk]);
        edges[walk] =
            draws++ < EDGE_DRAWS
                ? first + random.nextInt(degree)
                : drawOfListed(first, degree, hopsLeft);
      }
    }
  }

  private int drawOfListed(int first, int degree, int hopsLeft) {
    int[] listed = new int[degree];
    int count = 0;
    for (int fact = first; fact < first + degree; fact++) {
      if (reach.canGo(graph.tail(fact), hopsLeft)) {
        listed[count++] = fact;
      }
    }
    return listed[random.nextInt(count)];
  }

  /** Copies one of the last walks: its head and relations. */
  void copy(int walk, int[] target, int start) {
    target[start] = heads[walk];
    for (int hop = 1; hop <= hops; hop++) {
      target[start + hop] = relations[hop - 1][walk];
    }
  }

  /** Returns the entity at which one of the last walks ended. */
  int end(int walk) {
    return entities[walk];
  }
}
