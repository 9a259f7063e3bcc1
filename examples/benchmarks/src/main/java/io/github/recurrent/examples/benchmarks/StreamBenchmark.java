package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A dataset larger than the heap: written straight from the graph, read again with its facts left
 * on the disk, and drawn from as a training does. Run it with a small heap, such as {@code
 * -Xmx512m}.
 *
 * <p>Usage: {@code StreamBenchmark [seed] [entities] [facts of each] [training facts a hop] [most
 * hops] [folder]}; 100,000 entities of 40 facts each and 20 million training facts of 2 hops,
 * unless given. The dataset is left in the folder, which must not hold one.
 */
public final class StreamBenchmark {
  private static final int RELATIONS = 200;
  private static final int BATCH = 1024;
  private static final int BATCHES = 1000;
  private static final double MEBIBYTE = 1 << 20;

  private StreamBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.of(args);
    int entities = arguments.number(1, "entities", 100_000);
    int degree = arguments.number(2, "facts of each", 40);
    int facts = arguments.number(3, "training facts a hop", 20_000_000);
    int hops = arguments.number(4, "hops", 2);
    Path folder = arguments.path(5, "runs/stream");
    Path dataset = folder.resolve("dataset");
    print("a heap of at most %.0f MiB", Runtime.getRuntime().maxMemory() / MEBIBYTE);
    write(entities, degree, facts, hops, arguments.seed(), dataset);
    MultiHopDataset data = read(dataset, folder);
    draw(data, arguments.seed());
    print("peak of the heap: %.0f MiB", peakOfHeap() / MEBIBYTE);
  }

  private static void write(int entities, int degree, int facts, int hops, long seed, Path folder)
      throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(entities)
            .relations(RELATIONS)
            .outDegree(degree)
            .randomTails()
            .seed(seed)
            .build();
    long start = System.nanoTime();
    MultiHopDataset.from(graph).hops(2, hops).trainPerHop(facts).seed(seed).write(folder);
    double seconds = seconds(start);
    double records = (double) facts * (hops - 1) + graph.atomicFacts();
    print(
        "wrote %.1f M training records of %s, %.0f MiB, in %.1f s: %.2f M/s",
        records / 1e6, graph, size(folder), seconds, records / seconds / 1e6);
    print("peak of the heap: %.0f MiB", peakOfHeap() / MEBIBYTE);
  }

  private static double size(Path folder) throws IOException {
    return Files.size(folder.resolve("train.json")) / MEBIBYTE;
  }

  private static MultiHopDataset read(Path dataset, Path temporary) throws IOException {
    long start = System.nanoTime();
    MultiHopDataset data = MultiHopDataset.readMapped(dataset, temporary);
    print("read %s in %.1f s", data, seconds(start));
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    print(
        "it keeps %.0f MiB of the heap", (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE);
    return data;
  }

  private static void draw(MultiHopDataset data, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long start = System.nanoTime();
    long sum = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int row = 0; row < BATCH; row++) {
        Facts facts = data.train(random.nextInt(data.minHops(), data.maxHops() + 1));
        int fact = random.nextInt(facts.size());
        sum += facts.queryIds(fact)[0] + facts.answerIds(fact).get(0);
      }
    }
    print(
        "drew %d random batches of %d facts: %.0f batches/s (%d)",
        BATCHES, BATCH, BATCHES / seconds(start), sum);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static long peakOfHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
