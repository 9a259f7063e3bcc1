package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.OptionalInt;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.jspecify.annotations.Nullable;

/**
 * The distinct queries of one number of hops that walks through a graph follow. Where a head has
 * several tails by a relation, several walks are one query.
 */
final class Walks {
  /** Up to so many queries for each one asked, all are listed and shuffled instead of drawn. */
  static final int LIST_FACTOR = 4;

  /** Draws for each query asked, after which a graph is held to favor too few. */
  static final int DRAW_FACTOR = 1000;

  /** As {@link #DRAW_FACTOR}, but of queries that are not to be taken. */
  static final int REFUSED_FACTOR = 50;

  private final RandomWalks walks;
  private final int hops;
  private final @Nullable QueryChoice choice;
  private final String restriction;
  private final long atLeast;
  private final @Nullable QueryList listed;

  /**
   * @param counts of the graph, up to this number of hops or more
   * @param wanted the number of queries that are going to be asked at most
   * @param choice which queries to take; null if all are
   * @param restriction the choice in words for messages, after a space; empty if there is none
   */
  Walks(
      RandomWalks walks,
      WalkCounts counts,
      int hops,
      int wanted,
      @Nullable QueryChoice choice,
      String restriction) {
    this.walks = walks;
    this.hops = hops;
    this.choice = choice;
    this.restriction = restriction;
    this.atLeast = counts.atLeast(hops);
    long limit = (long) LIST_FACTOR * wanted;
    QueryList list =
        atLeast <= limit
            ? new QueryList(walks.graph(), walks.reach(), hops, choice, limit + 1)
            : null;
    this.listed = list != null && list.size() <= limit ? list : null;
  }

  /** Returns the number of distinct queries, if they are few beside those wanted. */
  OptionalInt size() {
    return listed == null ? OptionalInt.empty() : OptionalInt.of(listed.size());
  }

  /**
   * Returns distinct queries in random order: {@code hops + 1} indices each, the head and the
   * relations. If there are many, each is that of a random walk.
   *
   * @throws IllegalArgumentException if fewer exist, or so few are likely that no end is in sight
   */
  int[] draw(int wanted, Seed seed) {
    UniformRandomProvider random = RandomStream.of(seed);
    if (listed == null) {
      return shuffled(drawn(wanted, random), wanted, wanted, random);
    }
    if (wanted > listed.size()) {
      throw fewer(wanted, hops, listed.size(), restriction);
    }
    return shuffled(listed.rows(), listed.size(), wanted, random);
  }

  /** Returns the first of the shuffled rows. */
  private int[] shuffled(int[] rows, int size, int wanted, UniformRandomProvider random) {
    int[] order = PermutationSampler.natural(size);
    PermutationSampler.shuffle(random, order);
    int[] chosen = new int[Math.multiplyExact(wanted, hops + 1)];
    for (int i = 0; i < wanted; i++) {
      System.arraycopy(rows, order[i] * (hops + 1), chosen, i * (hops + 1), hops + 1);
    }
    return chosen;
  }

  private int[] drawn(int wanted, UniformRandomProvider random) {
    KnowledgeGraph graph = walks.graph();
    Walker walker = new Walker(graph, walks.reach(), walks.starts(), hops, random);
    WalkSet found = new WalkSet(hops + 1, wanted);
    int[] query = new int[hops + 1];
    long draws = 0;
    long refused = 0;
    while (found.size() < wanted) {
      long left = (long) DRAW_FACTOR * wanted - draws;
      if (left <= 0 || refused >= (long) REFUSED_FACTOR * wanted) {
        throw tooFew(found.size(), wanted, hops, restriction, draws, choice == null ? atLeast : 0);
      }
      // Never more than are still wanted, so that how many are walked at once changes nothing.
      int count = walker.walk(Math.min(wanted - found.size(), left));
      draws += count;
      for (int walk = 0; walk < count; walk++) {
        walker.copy(walk, query, 0);
        if (!found.has(query)) {
          if (choice == null || choice.takes(query)) {
            found.add(query);
          } else {
            refused++;
          }
        }
      }
    }
    return found.rows();
  }

  /** Returns the exception for a graph that has fewer queries than are wanted. */
  static IllegalArgumentException fewer(long wanted, int hops, long size, String restriction) {
    return new IllegalArgumentException(
        wanted
            + " distinct "
            + hops
            + "-hop facts were asked of a graph that has "
            + size
            + restriction
            + "; ask for fewer, or take all where fewer exist");
  }

  /**
   * Returns the exception for a graph whose walks follow too few queries.
   *
   * @param atLeast the least number of queries if all are taken; else 0
   */
  static IllegalArgumentException tooFew(
      long found, long wanted, int hops, String restriction, long draws, long atLeast) {
    return new IllegalArgumentException(
        "only "
            + found
            + " distinct "
            + hops
            + "-hop facts"
            + restriction
            + " came in "
            + draws
            + " random walks, though "
            + wanted
            + " were asked: "
            + (atLeast > 0
                ? "most walks of this graph follow few of its at least " + atLeast + " chains"
                : "most chains of so many relations are not so; allow more answers")
            + ", ask for fewer facts or for fewer hops");
  }
}
