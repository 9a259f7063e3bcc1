package io.github.recurrent.examples.benchmarks;

import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.DrawnWalks;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A large graph: generated, written as {@code .tsv.gz}, read, walked and sampled. Run it on an idle
 * machine, with some 12 GB of memory for the default sizes.
 *
 * <p>Usage: {@code GraphBenchmark [seed] [entities] [facts of each] [relations] [folder]}; 10
 * million entities of 10 facts each, by 200 relations, unless given.
 */
public final class GraphBenchmark {
  private static final int WALKS = 2_000_000;
  private static final int HOPS = 10;
  private static final int SAMPLE = 1_000_000;
  private static final double MEBIBYTE = 1 << 20;

  private GraphBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    Arguments arguments = Arguments.of(args);
    int entities = arguments.number(1, "entities", 10_000_000);
    int degree = arguments.number(2, "facts of each", 10);
    int relations = arguments.number(3, "relations", 200);
    Path folder = arguments.path(4, System.getProperty("java.io.tmpdir"));
    Path file = Files.createTempFile(folder, "graph", ".tsv.gz");
    try {
      write(entities, degree, relations, arguments.seed(), file);
      measure(file, arguments.seed());
    } finally {
      Files.delete(file);
    }
    print("peak of the heap: %.0f MiB", peakOfHeap() / MEBIBYTE);
  }

  private static void write(int entities, int degree, int relations, long seed, Path file)
      throws IOException {
    long start = System.nanoTime();
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(entities)
            .relations(relations)
            .outDegree(degree)
            .randomTails()
            .seed(seed)
            .build();
    print("generated %s in %.1f s", graph, seconds(start));
    start = System.nanoTime();
    graph.write(file);
    print("wrote %.0f MiB in %.1f s", Files.size(file) / MEBIBYTE, seconds(start));
  }

  private static void measure(Path file, long seed) throws IOException {
    long before = usedHeap();
    long[] lines = new long[1];
    long start = System.nanoTime();
    KnowledgeGraph graph =
        KnowledgeGraph.reader().progress(progress -> lines[0] = told(progress)).read(file);
    double seconds = seconds(start);
    print("read %d lines in %.1f s: %.2f M lines/s", lines[0], seconds, lines[0] / seconds / 1e6);
    long used = usedHeap() - before;
    long names = bytesOfNames(graph);
    print(
        "the graph takes %.0f MiB: %.2f bytes a fact beside %.0f MiB of names",
        used / MEBIBYTE, (double) (used - names) / graph.atomicFacts(), names / MEBIBYTE);
    walk(graph, seed);
    start = System.nanoTime();
    KnowledgeGraph sample = graph.subgraph(ImmutableIntArray.of(0), HOPS, SAMPLE);
    print("sampled %s in %.1f s", sample, seconds(start));
  }

  private static long told(KnowledgeGraph.Reader.Progress progress) {
    if (progress.lines() % (10 << 20) == 0) {
      print("  %.0f %% of the file", 100.0 * progress.bytes() / progress.size());
    }
    return progress.lines();
  }

  private static long bytesOfNames(KnowledgeGraph graph) {
    long bytes = 0;
    for (int entity = 0; entity < graph.entities(); entity++) {
      // Names of generated graphs are ASCII.
      bytes += graph.entityName(entity).length();
    }
    return bytes;
  }

  private static void walk(KnowledgeGraph graph, long seed) {
    DrawnWalks walks = DrawnWalks.of(graph, HOPS);
    long start = System.nanoTime();
    int[] rows = walks.draw(HOPS, WALKS, Seed.of(seed));
    double seconds = seconds(start);
    print(
        "walked %.2f M hops/s on one thread (%d)",
        (double) WALKS * HOPS / seconds / 1e6, Arrays.hashCode(rows));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
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
