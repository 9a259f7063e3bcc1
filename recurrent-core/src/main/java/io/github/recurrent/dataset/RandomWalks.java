package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;

/**
 * Random walks through a graph: from a uniform fact by uniform outgoing edges, none into a dead end
 * that would make it too short. Immutable and thread-safe.
 */
public final class RandomWalks {
  private final KnowledgeGraph graph;
  private final Reach reach;
  private final WalkStarts starts;

  RandomWalks(KnowledgeGraph graph, Reach reach) {
    this.graph = graph;
    this.reach = reach;
    this.starts = new WalkStarts(graph);
  }

  /**
   * Prepares walks, which takes time in proportion to the graph's size: 4 bytes for every 64 facts,
   * and 2 bytes an entity if the graph has dead ends.
   *
   * @throws IllegalArgumentException unless {@code maxHops} is from 1 to 32767
   */
  public static RandomWalks of(KnowledgeGraph graph, int maxHops) {
    checkArgument(maxHops >= 1, "walks have at least 1 hop, but %s are asked", maxHops);
    return new RandomWalks(graph, new Reach(graph, maxHops));
  }

  /**
   * Draws walks, of which several may be the same.
   *
   * @return {@code hops + 2} numbers a walk, one walk after the other: the head, the relations and
   *     the last entity, all by their indices in the graph
   * @throws IllegalArgumentException if {@code hops} is not from 1 to the most, no walk is so long,
   *     or the walks do not fit into an array
   */
  public int[] draw(int hops, int walks, Seed seed) {
    checkArgument(walks >= 0, "walks must be at least 0, but are %s", walks);
    checkArgument(
        (long) walks * (hops + 2L) <= Integer.MAX_VALUE - 8,
        "%s walks of %s hops do not fit into an array",
        walks,
        hops);
    Walker walker = walker(hops, seed);
    int[] rows = new int[walks * (hops + 2)];
    for (int done = 0; done < walks; ) {
      int count = walker.walk(walks - done);
      for (int walk = 0; walk < count; walk++) {
        walker.copy(walk, rows, (done + walk) * (hops + 2));
        rows[(done + walk) * (hops + 2) + hops + 1] = walker.end(walk);
      }
      done += count;
    }
    return rows;
  }

  private Walker walker(int hops, Seed seed) {
    checkArgument(
        hops >= 1 && hops <= reach.maxHops(),
        "hops must be from 1 to %s, but are %s",
        reach.maxHops(),
        hops);
    checkArgument(reach.starts(hops) > 0, "the graph has no walk of %s hops", hops);
    return new Walker(graph, reach, starts, hops, RandomStream.of(seed));
  }

  KnowledgeGraph graph() {
    return graph;
  }

  Reach reach() {
    return reach;
  }

  WalkStarts starts() {
    return starts;
  }

  @Override
  public String toString() {
    return "RandomWalks[" + graph + ", at most " + reach.maxHops() + " hops]";
  }
}
