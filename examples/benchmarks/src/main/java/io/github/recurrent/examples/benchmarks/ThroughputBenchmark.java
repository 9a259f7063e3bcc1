package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The time to answer a batch of queries with a model of the paper's size, beside ONNX Runtime on an
 * unrolled graph. Run it on an idle machine.
 *
 * <p>Usage: {@code ThroughputBenchmark [seed]}; {@code -Dtokens=4} times only queries of 4 tokens.
 */
public class ThroughputBenchmark {
  private static final int QUERIES = 1024;

  /** Each is timed once. */
  private record Cell(int tokens, int iterations, int warmUps) {}

  private static final ImmutableList<Cell> CELLS =
      ImmutableList.of(
          new Cell(4, 8, 1),
          new Cell(4, 16, 0),
          new Cell(4, 40, 0),
          new Cell(12, 8, 0),
          new Cell(12, 16, 0),
          new Cell(12, 40, 0),
          new Cell(42, 8, 0),
          new Cell(42, 16, 0),
          new Cell(42, 40, 0));

  /** This library. */
  @Benchmark
  public List<Answer> library(FixedDepth.Library library) {
    return library.answer();
  }

  /** ONNX Runtime as it is. */
  @Benchmark
  public float[] plain(FixedDepth.Plain plain) {
    return plain.logits();
  }

  /**
   * Runs the benchmark.
   *
   * @throws IOException if no files can be written
   */
  public static void main(String[] arguments) throws IOException {
    Integer only = Integer.getInteger("tokens");
    List<Cell> cells =
        CELLS.stream().filter(cell -> only == null || cell.tokens() == only).toList();
    long seed = Arguments.of(arguments).seed();
    Ceiling ceiling = Ceiling.measure();
    System.out.println(ceiling + "\n");
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "queries",
                "tokens",
                "r",
                "plain s",
                "s",
                "overhead",
                "queries/s",
                "GFLOP/s",
                "of ceiling"));
    try (PaperSizeModel model =
        PaperSizeModel.write(seed, cells.stream().map(Cell::iterations).distinct().toList())) {
      for (Cell cell : cells) {
        ImmutableMap<String, Double> medians =
            BenchmarkCell.of(
                    ThroughputBenchmark.class,
                    ImmutableMap.of(
                        "folder", model.folder(),
                        "tokens", cell.tokens(),
                        "iterations", cell.iterations(),
                        "queries", QUERIES))
                .singleShots(cell.warmUps(), 1);
        double plain = Objects.requireNonNull(medians.get("plain")) / 1e3;
        double library = Objects.requireNonNull(medians.get("library")) / 1e3;
        double rate =
            PaperSizeModel.operations((double) QUERIES * cell.tokens())
                * cell.iterations()
                / library
                / 1e9;
        table.add(
            ImmutableList.of(
                Integer.toString(QUERIES),
                Integer.toString(cell.tokens()),
                Integer.toString(cell.iterations()),
                String.format(Locale.ROOT, "%.2f", plain),
                String.format(Locale.ROOT, "%.2f", library),
                String.format(Locale.ROOT, "%+.1f%%", 100 * (library / plain - 1)),
                String.format(Locale.ROOT, "%.1f", QUERIES / library),
                String.format(Locale.ROOT, "%.0f", rate),
                ceiling.share(rate)));
      }
    }
    System.out.print(table);
  }
}
