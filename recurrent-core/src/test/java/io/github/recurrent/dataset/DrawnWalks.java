package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;

/** Draws walks as datasets do, but keeps them whole and all, so that they can be timed. */
public final class DrawnWalks {
  private final RandomWalks walks;

  private DrawnWalks(RandomWalks walks) {
    this.walks = walks;
  }

  /** Prepares walks of at most so many hops. */
  public static DrawnWalks of(KnowledgeGraph graph, int maxHops) {
    return new DrawnWalks(RandomWalks.of(graph, maxHops));
  }

  /**
   * Draws walks, of which several may be the same.
   *
   * @return {@code hops + 2} numbers a walk, one walk after the other: the head, the relations and
   *     the last entity, all by their indices in the graph
   */
  public int[] draw(int hops, int count, Seed seed) {
    checkArgument(walks.reach().starts(hops) > 0, "the graph has no walk of %s hops", hops);
    Walker walker =
        new Walker(walks.graph(), walks.reach(), walks.starts(), hops, RandomStream.of(seed));
    int[] rows = new int[count * (hops + 2)];
    for (int done = 0; done < count; ) {
      int drawn = walker.walk(count - done);
      for (int walk = 0; walk < drawn; walk++) {
        walker.copy(walk, rows, (done + walk) * (hops + 2));
        rows[(done + walk) * (hops + 2) + hops + 1] = walker.end(walk);
      }
      done += drawn;
    }
    return rows;
  }
}
