package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;

/**
 * What random walks through a graph need: they go from a uniform fact by uniform outgoing edges,
 * none into a dead end that would make it too short. Immutable and thread-safe.
 */
record RandomWalks(KnowledgeGraph graph, Reach reach, WalkStarts starts) {
  /**
   * Prepares walks, which takes time in proportion to the graph's size: 4 bytes for every 64 facts,
   * and 2 bytes an entity if the graph has dead ends.
   *
   * @throws IllegalArgumentException unless {@code maxHops} is from 1 to 32767
   */
  static RandomWalks of(KnowledgeGraph graph, int maxHops) {
    checkArgument(maxHops >= 1, "walks have at least 1 hop, but %s are asked", maxHops);
    return new RandomWalks(graph, new Reach(graph, maxHops), new WalkStarts(graph));
  }
}
