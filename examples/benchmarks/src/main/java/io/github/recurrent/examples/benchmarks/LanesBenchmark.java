package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What an iteration of few and of many rows costs on one thread, on all, divided among lanes of one
 * thread each, and in as many calls side by side as there are cores: whether lanes of one thread,
 * or one lane on all, suit a model. Run it on an idle machine.
 *
 * <p>Usage: {@code LanesBenchmark [seed]}. Options are {@code -Dcopies=12} and {@code -Dlayers=4},
 * the {@linkplain ServedModel model}'s size.
 */
public final class LanesBenchmark {
  private static final ImmutableList<Integer> ROWS = ImmutableList.of(1, 4, 16, 64, 256);
  private static final Halting HALTING = Halting.fixed(20);
  private static final int MAX_HOPS = 20;
  private static final Duration CALLS = Duration.ofSeconds(2);
  private static final int FEWEST_CALLS = 3;

  private LanesBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Path folder = ServedModel.export(seed);
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "rows",
                "one call, 1 thread",
                "one call, " + AllCores.THREADS + " threads",
                "one call, " + AllCores.THREADS + " lanes",
                AllCores.THREADS + " calls, 1 thread each"));
    try (OnnxReasoner single = load(folder, 1, 1);
        OnnxReasoner all = load(folder, AllCores.THREADS, 1);
        OnnxReasoner lanes = load(folder, AllCores.THREADS, AllCores.THREADS)) {
      for (int rows : ROWS) {
        System.out.println("Measuring iterations of " + rows + " rows");
        QueryBatch queries =
            QueryBatch.of(
                single.vocabulary(),
                ServedModel.queries(rows, MAX_HOPS, Seed.of(seed).child("lanes")));
        table.add(
            ImmutableList.of(
                Integer.toString(rows),
                milliseconds(single, queries, 1),
                milliseconds(all, queries, 1),
                milliseconds(lanes, queries, 1),
                milliseconds(single, queries, AllCores.THREADS)));
      }
      System.out.printf(
          Locale.ROOT,
          "width %d, %d layers: milliseconds of an iteration, medians%n%n%s",
          single.model().width(),
          single.model().layers(),
          table);
    }
  }

  private static OnnxReasoner load(Path folder, int threads, int lanes) throws IOException {
    return OnnxReasoner.load(
        folder, ExecutionOptions.builder().threads(threads).lanes(lanes).build());
  }

  private static String milliseconds(OnnxReasoner reasoner, QueryBatch queries, int callers) {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<CompletableFuture<List<Double>>> calls = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        calls.add(CompletableFuture.supplyAsync(() -> call(reasoner, queries), threads));
      }
      List<Double> all = new ArrayList<>();
      calls.forEach(times -> all.addAll(times.join()));
      return String.format(Locale.ROOT, "%.2f", Quantiles.median().compute(all));
    } finally {
      threads.shutdown();
    }
  }

  /** Returns the milliseconds of an iteration, by calls after a first one. */
  private static List<Double> call(OnnxReasoner reasoner, QueryBatch queries) {
    reasoner.answer(queries, HALTING);
    List<Double> milliseconds = new ArrayList<>();
    long end = System.nanoTime() + CALLS.toNanos();
    while (milliseconds.size() < FEWEST_CALLS || System.nanoTime() < end) {
      long begin = System.nanoTime();
      reasoner.answer(queries, HALTING);
      milliseconds.add((System.nanoTime() - begin) / 1e6 / HALTING.atMost());
    }
    return milliseconds;
  }
}
