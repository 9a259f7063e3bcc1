package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A batch of queries of 1 to 20 hops, answered adaptively: rows that halt leave the batch, beside
 * all rows running until the last halts. Run it on an idle machine.
 *
 * <p>Usage: {@code AdaptiveBenchmark [seed]}
 */
public class AdaptiveBenchmark {
  private static final int MAX_HOPS = 20;

  /** A size of the served model, and how much of it is timed. */
  private record Cell(int copies, int layers, int queries, int warmUps, int calls) {}

  private static final ImmutableList<Cell> CELLS =
      ImmutableList.of(
          new Cell(1, 1, 1024, 60, 15), new Cell(4, 4, 512, 1, 3), new Cell(12, 4, 128, 0, 3));

  /** A loaded model and queries. */
  @State(Scope.Benchmark)
  public static class Work {
    @Param("")
    String folder;

    @Param("1024")
    int queries;

    /** The iterations of the query that takes the most. */
    @Param("40")
    int last;

    private OnnxReasoner reasoner;
    private QueryBatch batch;

    /** Loads the model. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      reasoner = OnnxReasoner.load(Path.of(folder), AllCores.EXECUTION);
      batch = QueryBatch.of(reasoner.vocabulary(), queries(queries));
    }

    /** Closes the model. */
    @TearDown(Level.Trial)
    public void close() {
      reasoner.close();
    }
  }

  private static ImmutableList<Query> queries(int count) {
    return ServedModel.queries(count, MAX_HOPS, Seed.of(42).child("adaptive"));
  }

  /** Rows leave as they halt. */
  @Benchmark
  public List<Answer> shrinking(Work work) {
    return work.reasoner.answer(work.batch, ServedModel.HALTING);
  }

  /** All rows run until the last halts, which is known, and are read once. */
  @Benchmark
  public List<Answer> untilLast(Work work) {
    return work.reasoner.answer(work.batch, Halting.fixed(work.last));
  }

  /** As the published scripts do it: all rows run until the last halts, read every time. */
  @Benchmark
  public int[] readEveryTime(Work work) {
    Trajectory trajectory = work.reasoner.trajectory(work.batch, work.last);
    int[] iterations = new int[work.batch.size()];
    for (int row = 0; row < iterations.length; row++) {
      iterations[row] = trajectory.haltingIteration(row, ServedModel.HALTING.atMost(work.last));
    }
    return iterations;
  }

  /**
   * Runs the benchmark.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Ceiling ceiling = Ceiling.measure();
    System.out.println(ceiling + "\n");
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "width",
                "layers",
                "queries",
                "iterations, mean",
                "of tokens",
                "most",
                "mean/most",
                "of tokens/most",
                "shrinking s",
                "until last s",
                "read every time s",
                "ratio",
                "ratio, read",
                "GFLOP/s",
                "of ceiling"));
    for (Cell cell : CELLS) {
      table.add(row(seed, cell, ceiling));
    }
    System.out.print(table);
  }

  private static ImmutableList<String> row(long seed, Cell cell, Ceiling ceiling)
      throws IOException {
    Path folder = ServedModel.export(seed, cell.copies(), cell.layers());
    List<Query> queries = queries(cell.queries());
    RecurrentDepthTransformer model;
    long tokens = 0;
    long iterations = 0;
    long tokenIterations = 0;
    int most = 0;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder, AllCores.EXECUTION)) {
      model = reasoner.model();
      List<Answer> answers = reasoner.answer(queries, ServedModel.HALTING);
      for (int row = 0; row < answers.size(); row++) {
        int length = queries.get(row).hops() + 2;
        tokens += length;
        iterations += answers.get(row).iterations();
        tokenIterations += (long) length * answers.get(row).iterations();
        most = Math.max(most, answers.get(row).iterations());
      }
    }
    ImmutableMap<String, Double> medians =
        BenchmarkCell.of(
                AdaptiveBenchmark.class,
                ImmutableMap.of("folder", folder, "queries", cell.queries(), "last", most))
            .singleShots(cell.warmUps(), cell.calls());
    double shrinking = Objects.requireNonNull(medians.get("shrinking")) / 1e3;
    double untilLast = Objects.requireNonNull(medians.get("untilLast")) / 1e3;
    double readEveryTime = Objects.requireNonNull(medians.get("readEveryTime")) / 1e3;
    double mean = (double) iterations / queries.size();
    double meanOfTokens = (double) tokenIterations / tokens;
    double rate = PaperSizeModel.operations(model, (double) tokenIterations) / shrinking / 1e9;
    return ImmutableList.of(
        Integer.toString(model.width()),
        Integer.toString(model.layers()),
        Integer.toString(queries.size()),
        String.format(Locale.ROOT, "%.1f", mean),
        String.format(Locale.ROOT, "%.1f", meanOfTokens),
        Integer.toString(most),
        String.format(Locale.ROOT, "%.2f", mean / most),
        String.format(Locale.ROOT, "%.2f", meanOfTokens / most),
        String.format(Locale.ROOT, "%.3f", shrinking),
        String.format(Locale.ROOT, "%.3f", untilLast),
        String.format(Locale.ROOT, "%.3f", readEveryTime),
        String.format(Locale.ROOT, "%.2f", shrinking / untilLast),
        String.format(Locale.ROOT, "%.2f", shrinking / readEveryTime),
        String.format(Locale.ROOT, "%.0f", rate),
        ceiling.share(rate));
  }
}
