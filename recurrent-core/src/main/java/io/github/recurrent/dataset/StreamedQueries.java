package io.github.recurrent.dataset;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The distinct queries of one number of hops, in random order, held in a temporary file. As {@link
 * Walks} does, it lists all where they are few beside those wanted, and else takes those of random
 * walks. The order is that of the queries' keys, so that it depends on no thread.
 */
final class StreamedQueries implements AutoCloseable {
  /** The walks of a task, which have a seed of their own. */
  private static final int MAX_WALKS = 1 << 16;

  private static final int MIN_WALKS = 1 << 8;

  /** Tasks of the first round, at least, if there are enough walks for them. */
  private static final int LEAST_TASKS = 64;

  /** Tasks between two looks at whether this thread is interrupted. */
  private static final int TASKS_AT_ONCE = 64;

  private static final int HEADS_AT_ONCE = 1 << 10;

  /** More walks in a round would need the more disk, the more often they follow known queries. */
  private static final int ROUND_FACTOR = 2;

  /** The next walks follow more known queries than the last. */
  private static final double SLACK = 1.1;

  private final ChosenQueries chosen;
  private final int hops;
  private final long wanted;
  private final @Nullable WalkSet other;
  private final Seed seed;
  private final QueryBuckets buckets;
  private final boolean choosing;
  private final Queue<QueryChoice> idle = new ConcurrentLinkedQueue<>();
  private long size;
  private boolean listed;

  private StreamedQueries(
      ChosenQueries chosen,
      int hops,
      long wanted,
      @Nullable WalkSet other,
      Seed seed,
      QueryBuckets buckets) {
    this.chosen = chosen;
    this.hops = hops;
    this.wanted = wanted;
    this.other = other;
    this.seed = seed;
    this.buckets = buckets;
    this.choosing = chosen.choice(hops, other) != null;
  }

  /**
   * Lists or draws queries.
   *
   * @param other queries that are not to be taken
   * @param file where to hold them until this is closed
   * @param bucketBytes the memory that some of them should take at once, in each thread
   * @throws IllegalArgumentException if no end of drawing so many is in sight
   * @throws IOException if the file cannot be written, or this thread is interrupted
   */
  static StreamedQueries draw(
      ChosenQueries chosen,
      int hops,
      long wanted,
      @Nullable WalkSet other,
      Seed seed,
      Path file,
      long bucketBytes)
      throws IOException {
    QueryBuckets buckets = QueryBuckets.create(file, hops + 1, keys(seed), 2 * wanted, bucketBytes);
    try {
      StreamedQueries queries = new StreamedQueries(chosen, hops, wanted, other, seed, buckets);
      queries.listed = queries.listAll();
      if (!queries.listed) {
        buckets.clear();
        queries.drawWalks();
      }
      return queries;
    } catch (IOException | RuntimeException | Error e) {
      try {
        buckets.close();
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  /** Returns the keys by which queries that are drawn with a seed are in order. */
  static QueryKeys keys(Seed seed) {
    return new QueryKeys(seed.child("order"));
  }

  /** Returns the number of queries: of all if they are listed, else at least as many as wanted. */
  long size() {
    return size;
  }

  /** Returns whether these are all that there are. */
  boolean areAll() {
    return listed;
  }

  /** Returns the number of parts, one of which fits in memory. */
  int parts() {
    return buckets.count();
  }

  /** Returns the queries of a part, {@code hops + 1} indices each, which come before the next's. */
  int[] part(int part) throws IOException {
    return buckets.sorted(part);
  }

  /** Lists all queries, unless they are many beside those wanted; returns whether it has. */
  private boolean listAll() throws IOException {
    long limit = Walks.LIST_FACTOR * wanted;
    if (chosen.atLeast(hops) > limit) {
      return false;
    }
    KnowledgeGraph graph = chosen.walks().graph();
    int tasks = (graph.entities() + HEADS_AT_ONCE - 1) / HEADS_AT_ONCE;
    AtomicLong count = new AtomicLong();
    inTurns(
        tasks,
        task -> {
          QueryChoice choice = borrow();
          QueryEnumeration.Taker taker =
              query -> {
                if (count.incrementAndGet() > limit) {
                  return false;
                }
                buckets.add(query, 0);
                return true;
              };
          int first = task * HEADS_AT_ONCE;
          new QueryEnumeration(graph, chosen.walks().reach(), hops, choice, taker)
              .run(first, Math.min(graph.entities() - first, HEADS_AT_ONCE) + first);
          giveBack(choice);
          return 0L;
        });
    size = count.get();
    return size <= limit;
  }

  private void drawWalks() throws IOException {
    int walks = (int) Math.max(MIN_WALKS, Math.min(MAX_WALKS, wanted / LEAST_TASKS));
    RandomWalks graph = chosen.walks();
    int[] starts = Walker.listStarts(graph.graph(), graph.reach(), hops);
    long draws = 0;
    long refused = 0;
    double newShare = 1;
    size = 0;
    while (size < wanted) {
      if (draws >= Walks.DRAW_FACTOR * wanted || refused >= Walks.REFUSED_FACTOR * wanted) {
        throw Walks.tooFew(
            size, wanted, hops, chosen.restriction(), draws, choosing ? 0 : chosen.atLeast(hops));
      }
      double enough = Math.min(ROUND_FACTOR * (double) wanted, (wanted - size) * SLACK / newShare);
      long first = draws / walks;
      int tasks = (int) Math.max(1, Math.ceil(enough / walks));
      refused += inTurns(tasks, task -> walk(first + task, walks, starts));
      draws += (long) tasks * walks;
      long found = buckets.dropRepeated();
      // At least one of a million, lest a round without a new query end all.
      newShare = Math.max(1e-6, (found - size) / ((double) tasks * walks));
      size = found;
    }
  }

  /** Walks with a seed of its own, and returns how many of the queries were not to be taken. */
  private long walk(long task, int walks, int[] starts) throws IOException {
    RandomWalks graph = chosen.walks();
    Walker walker =
        new Walker(
            graph.graph(),
            graph.reach(),
            graph.starts(),
            hops,
            RandomStream.of(seed.child("walks", task)),
            starts);
    QueryChoice choice = borrow();
    int[] query = new int[hops + 1];
    long refused = 0;
    for (int done = 0; done < walks; ) {
      int count = walker.walk(walks - done);
      for (int walk = 0; walk < count; walk++) {
        walker.copy(walk, query, 0);
        if (choice == null || choice.takes(query)) {
          buckets.add(query, 0);
        } else {
          refused++;
        }
      }
      done += count;
    }
    giveBack(choice);
    return refused;
  }

  /** Runs tasks, some at once, and returns the sum of what they return. */
  private static long inTurns(int tasks, InOrder.Task<Long> task) throws IOException {
    long sum = 0;
    for (int first = 0; first < tasks; first += TASKS_AT_ONCE) {
      for (long result : InOrder.run(first, Math.min(tasks - first, TASKS_AT_ONCE) + first, task)) {
        sum += result;
      }
    }
    return sum;
  }

  private @Nullable QueryChoice borrow() {
    QueryChoice free = idle.poll();
    return free == null ? chosen.choice(hops, other) : free;
  }

  private void giveBack(@Nullable QueryChoice choice) {
    if (choice != null) {
      idle.add(choice);
    }
  }

  @Override
  public void close() throws IOException {
    buckets.close();
  }
}
