package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Walks through a graph without dead ends, one walk after the other: the plainest way, beside which
 * the library's is measured. Immutable and thread-safe.
 */
final class OneByOne {
  private final KnowledgeGraph graph;
  private final int[] starts;

  /** {@code counts[n][e]}: whether n hops can be gone from an entity. */
  private final long[][] counts;

  OneByOne(KnowledgeGraph graph, int hops) {
    this.graph = graph;
    this.starts = new int[graph.atomicFacts()];
    Arrays.setAll(starts, fact -> fact);
    this.counts = new long[hops][graph.entities()];
    for (long[] ofHops : counts) {
      Arrays.fill(ofHops, 1);
    }
  }

  /** Returns {@code hops + 2} indices a walk. */
  int[] draw(int hops, int walks, Seed seed) {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(seed.value());
    int[] rows = new int[walks * (hops + 2)];
    for (int walk = 0; walk < walks; walk++) {
      int row = walk * (hops + 2);
      int start = starts[random.nextInt(starts.length)];
      rows[row] = graph.head(start);
      rows[row + 1] = graph.relation(start);
      int entity = graph.tail(start);
      for (int hop = 2; hop <= hops; hop++) {
        int edge = edge(entity, hops - hop, random);
        rows[row + hop] = graph.relation(edge);
        entity = graph.tail(edge);
      }
      rows[row + hops + 1] = entity;
    }
    return rows;
  }

  private int edge(int entity, int hopsLeft, UniformRandomProvider random) {
    int edge;
    do {
      edge = graph.firstFact(entity) + random.nextInt(graph.outDegree(entity));
    } while (counts[hopsLeft][graph.tail(edge)] == 0);
    return edge;
  }
}
