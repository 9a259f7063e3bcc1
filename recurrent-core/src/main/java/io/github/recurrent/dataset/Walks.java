package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/**
 * The walks of one number of hops through a graph. As a head has one tail by each relation, each
 * walk is one fact.
 */
final class Walks {
  /** Up to so many walks for each one asked, all are listed and shuffled instead of drawn. */
  private static final int LIST_FACTOR = 4;

  /** Draws for each walk asked, after which a graph is held to favor too few walks. */
  private static final int DRAW_FACTOR = 1000;

  private final KnowledgeGraph graph;
  private final int hops;

  private final WalkCounts counts;
  private final long size;

  /**
   * @param counts of the graph, up to this number of hops or more
   */
  Walks(KnowledgeGraph graph, WalkCounts counts, int hops) {
    this.graph = graph;
    this.hops = hops;
    this.counts = counts;
    this.size = counts.all(hops);
  }

  /** Returns the number of distinct walks, {@link Long#MAX_VALUE} if it is that or more. */
  long size() {
    return size;
  }

  /**
   * Returns distinct walks in random order: {@code hops + 2} ids each, the entities' and relations'
   * indices in the graph. Each is drawn from a uniform atomic fact by uniform outgoing edges.
   *
   * @throws IllegalArgumentException if fewer exist, or so few are likely that no end is in sight
   */
  int[] draw(int wanted, Seed seed) {
    if (wanted > size) {
      throw new IllegalArgumentException(
          wanted
              + " distinct "
              + hops
              + "-hop facts were asked of a graph that has "
              + size
              + "; ask for fewer, or take all where fewer exist");
    }
    UniformRandomProvider random = RandomStream.of(seed);
    WalkSet walks = size <= (long) LIST_FACTOR * wanted ? all() : drawn(wanted, random);
    int[] order = PermutationSampler.natural(walks.size());
    PermutationSampler.shuffle(random, order);
    int[] rows = new int[Math.multiplyExact(wanted, hops + 2)];
    for (int i = 0; i < wanted; i++) {
      int row = i * (hops + 2);
      walks.copyTo(order[i], rows, row);
      rows[row + hops + 1] = answer(rows, row);
    }
    return rows;
  }

  private int answer(int[] rows, int row) {
    return graph.tails(rows[row], Arrays.copyOfRange(rows, row + 1, row + 1 + hops)).get(0);
  }

  private WalkSet drawn(int wanted, UniformRandomProvider random) {
    int[] starts = starts();
    WalkSet walks = new WalkSet(hops + 1, wanted);
    int[] walk = new int[hops + 1];
    long draws = 0;
    while (walks.size() < wanted) {
      if (draws++ >= (long) DRAW_FACTOR * wanted) {
        throw new IllegalArgumentException(
            "only "
                + walks.size()
                + " distinct "
                + hops
                + "-hop facts came in "
                + draws
                + " random walks, though "
                + wanted
                + " were asked and "
                + size
                + " exist: most walks of this graph follow few ways; ask for fewer");
      }
      int start = starts[random.nextInt(starts.length)];
      walk[0] = graph.head(start);
      walk[1] = graph.relation(start);
      int entity = graph.tail(start);
      for (int hop = 2; hop <= hops; hop++) {
        int edge = edge(entity, hops - hop, random);
        walk[hop] = graph.relation(edge);
        entity = graph.tail(edge);
      }
      walks.add(walk);
    }
    return walks;
  }

  /** Returns the atomic facts from which a walk can go all its hops. */
  private int[] starts() {
    int[] starts = new int[graph.atomicFacts()];
    int count = 0;
    for (int fact = 0; fact < starts.length; fact++) {
      if (counts.from(graph.tail(fact), hops - 1) > 0) {
        starts[count++] = fact;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  /** Draws an edge of an entity from which the walk can go on. */
  private int edge(int entity, int hopsLeft, UniformRandomProvider random) {
    int first = graph.firstFact(entity);
    int edge;
    do {
      edge = first + random.nextInt(graph.outDegree(entity));
    } while (counts.from(graph.tail(edge), hopsLeft) == 0);
    return edge;
  }

  private WalkSet all() {
    WalkSet walks = new WalkSet(hops + 1, Math.toIntExact(size));
    int[] walk = new int[hops + 1];
    for (int head = 0; head < graph.entities(); head++) {
      walk[0] = head;
      extend(walk, 1, head, walks);
    }
    return walks;
  }

  private void extend(int[] walk, int hop, int entity, WalkSet walks) {
    if (hop > hops) {
      walks.add(walk);
      return;
    }
    int end = graph.firstFact(entity) + graph.outDegree(entity);
    for (int fact = graph.firstFact(entity); fact < end; fact++) {
      if (counts.from(graph.tail(fact), hops - hop) > 0) {
        walk[hop] = graph.relation(fact);
        extend(walk, hop + 1, graph.tail(fact), walks);
      }
    }
  }
}
