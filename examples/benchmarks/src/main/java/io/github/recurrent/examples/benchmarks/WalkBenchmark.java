package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.dataset.DrawnWalks;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Walks at random through a large graph, many walks at a time and one by one, and prints how many
 * hops a second each way goes with one thread and with one for every core.
 *
 * <p>Arguments: {@code [seed [entities [facts of an entity [hops [walks]]]]]}; of a million
 * entities with 10 facts each, and a million walks of 20 hops, if none are given. Ten million
 * entities need {@code -Xmx8g}.
 */
public final class WalkBenchmark {
  private static final int RELATIONS = 50;
  private static final int WALKS_AT_ONCE = 1 << 14;
  private static final int ROUNDS = 3;

  private WalkBenchmark() {}

  /** Draws walks. */
  @FunctionalInterface
  private interface Way {
    int[] draw(int hops, int walks, Seed seed);
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) {
    Arguments told = Arguments.of(arguments);
    int entities = told.number(1, "entities", 1_000_000);
    int degree = told.number(2, "facts of an entity", 10);
    int hops = told.number(3, "hops", 20);
    int walks = told.number(4, "walks", 1_000_000);
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(entities)
            .relations(Math.max(RELATIONS, degree))
            .outDegree(degree)
            .randomTails()
            .seed(told.seed())
            .build();
    OneByOne oneByOne = new OneByOne(graph, hops);
    DrawnWalks manyAtATime = DrawnWalks.of(graph, hops);
    checkSame(oneByOne, manyAtATime, hops, told.seed());
    System.out.printf(Locale.ROOT, "%s, %d walks of %d hops%n", graph, walks, hops);
    for (int threads : IntStream.of(1, AllCores.THREADS).distinct().toArray()) {
      double plain = 0;
      double fast = 0;
      // In turns, so that what else the machine does falls on both.
      for (int round = 0; round < ROUNDS; round++) {
        plain = Math.max(plain, hopsPerSecond(oneByOne::draw, hops, walks, threads));
        fast = Math.max(fast, hopsPerSecond(manyAtATime::draw, hops, walks, threads));
      }
      System.out.printf(
          Locale.ROOT,
          "%d threads: one by one %.1f, many at a time %.1f million hops/s, %.1f times as many%n",
          threads,
          plain / 1e6,
          fast / 1e6,
          fast / plain);
    }
  }

  private static void checkSame(OneByOne oneByOne, DrawnWalks walks, int hops, long seed) {
    if (!Arrays.equals(
        oneByOne.draw(hops, WALKS_AT_ONCE, Seed.of(seed)),
        walks.draw(hops, WALKS_AT_ONCE, Seed.of(seed)))) {
      throw new IllegalStateException("the two ways draw different walks");
    }
  }

  private static double hopsPerSecond(Way way, int hops, int walks, int threads) {
    int parts = Math.max(threads, walks / WALKS_AT_ONCE);
    long begin = System.nanoTime();
    Thread[] workers = new Thread[threads];
    for (int worker = 0; worker < threads; worker++) {
      int first = worker;
      workers[worker] =
          new Thread(
              () -> {
                for (int part = first; part < parts; part += threads) {
                  way.draw(hops, WALKS_AT_ONCE, Seed.of(part));
                }
              });
      workers[worker].start();
    }
    for (Thread worker : workers) {
      join(worker);
    }
    return (double) parts * WALKS_AT_ONCE * hops / (System.nanoTime() - begin) * 1e9;
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the benchmark was interrupted", e);
    }
  }
}
