package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What this library adds to ONNX Runtime on an unrolled graph, with a model of the paper's size:
 * both are loaded in one process and called in turns, so that a machine whose speed drifts, such as
 * a virtual one, slows both alike; {@link LatencyBenchmark} and {@link ThroughputBenchmark} time
 * each alone. All figures are medians of the turns, the overhead that of their ratios.
 *
 * <p>Usage: {@code OverheadBenchmark [seed]}; {@code -Dtokens=4} times only queries of 4 tokens.
 */
public final class OverheadBenchmark {
  private static final int WARM_UPS = 2;

  /** Until the threads of the one no longer spin, which takes the other up to half of its cores. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private record Cell(int queries, int tokens, int iterations, int turns) {}

  private static final ImmutableList<Cell> CELLS =
      ImmutableList.of(
          new Cell(1, 4, 8, 200),
          new Cell(1, 4, 16, 150),
          new Cell(1, 4, 40, 100),
          new Cell(1, 12, 8, 100),
          new Cell(1, 12, 16, 80),
          new Cell(1, 12, 40, 50),
          new Cell(1, 42, 8, 60),
          new Cell(1, 42, 16, 40),
          new Cell(1, 42, 40, 24),
          new Cell(64, 4, 8, 15),
          new Cell(64, 12, 8, 9),
          new Cell(64, 42, 8, 5));

  private OverheadBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @throws IOException if no files can be written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Integer only = Integer.getInteger("tokens");
    Ceiling ceiling = Ceiling.measure();
    System.out.println(ceiling + "\n");
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "queries",
                "tokens",
                "r",
                "turns",
                "plain ms",
                "ms",
                "overhead",
                "GFLOP/s",
                "of ceiling"));
    try (PaperSizeModel model =
        PaperSizeModel.write(seed, CELLS.stream().map(Cell::iterations).distinct().toList())) {
      for (Cell cell : CELLS) {
        if (only == null || cell.tokens() == only) {
          System.out.println("Measuring " + cell);
          table.add(row(model, cell, ceiling));
        }
      }
    }
    System.out.print(table);
  }

  private static ImmutableList<String> row(PaperSizeModel model, Cell cell, Ceiling ceiling)
      throws IOException {
    FixedDepth.Library library = new FixedDepth.Library();
    FixedDepth.Plain plain = new FixedDepth.Plain();
    for (FixedDepth work : List.of(library, plain)) {
      work.folder = model.folder().toString();
      work.queries = cell.queries();
      work.tokens = cell.tokens();
      work.iterations = cell.iterations();
    }
    library.open();
    plain.open();
    List<Double> own = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int turn = 0; turn < WARM_UPS + cell.turns(); turn++) {
      double milliseconds = milliseconds(library::answer);
      double reference = milliseconds(plain::logits);
      if (turn >= WARM_UPS) {
        own.add(milliseconds);
        other.add(reference);
        ratios.add(milliseconds / reference);
      }
    }
    library.close();
    plain.close();
    double milliseconds = Quantiles.median().compute(own);
    double reference = Quantiles.median().compute(other);
    double rate =
        PaperSizeModel.operations((double) cell.queries() * cell.tokens())
            * cell.iterations()
            / milliseconds
            / 1e6;
    return ImmutableList.of(
        Integer.toString(cell.queries()),
        Integer.toString(cell.tokens()),
        Integer.toString(cell.iterations()),
        Integer.toString(cell.turns()),
        String.format(Locale.ROOT, "%.1f", reference),
        String.format(Locale.ROOT, "%.1f", milliseconds),
        String.format(Locale.ROOT, "%+.1f%%", 100 * (Quantiles.median().compute(ratios) - 1)),
        String.format(Locale.ROOT, "%.0f", rate),
        ceiling.share(rate));
  }

  private static double milliseconds(Runnable call) {
    Uninterruptibles.sleepUninterruptibly(PAUSE);
    long begin = System.nanoTime();
    call.run();
    return (System.nanoTime() - begin) / 1e6;
  }
}
