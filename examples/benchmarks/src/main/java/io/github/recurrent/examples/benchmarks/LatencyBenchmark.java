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
 * The time to answer one query with a model of the paper's size, beside ONNX Runtime on an unrolled
 * graph. Run it on an idle machine.
 *
 * <p>Usage: {@code LatencyBenchmark [seed]}; {@code -Dtokens=4} times only queries of 4 tokens.
 */
public class LatencyBenchmark {
  private static final ImmutableList<Integer> TOKENS = ImmutableList.of(4, 12, 42);
  private static final ImmutableList<Integer> ITERATIONS = ImmutableList.of(8, 16, 40);
  private static final int WARM_UP_SECONDS = 1;
  private static final int SECONDS = 4;

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
    long seed = Arguments.of(arguments).seed();
    Ceiling ceiling = Ceiling.measure();
    System.out.println(ceiling + "\n");
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of("tokens", "r", "plain ms", "ms", "overhead", "GFLOP/s", "of ceiling"));
    try (PaperSizeModel model = PaperSizeModel.write(seed, ITERATIONS)) {
      for (int tokens : only == null ? TOKENS : List.of(only)) {
        for (int iterations : ITERATIONS) {
          ImmutableMap<String, Double> medians =
              BenchmarkCell.of(
                      LatencyBenchmark.class,
                      ImmutableMap.of(
                          "folder", model.folder(), "tokens", tokens, "iterations", iterations))
                  .sample(WARM_UP_SECONDS, SECONDS);
          double plain = Objects.requireNonNull(medians.get("plain"));
          double library = Objects.requireNonNull(medians.get("library"));
          double rate = PaperSizeModel.operations(tokens) * iterations / library / 1e6;
          table.add(
              ImmutableList.of(
                  Integer.toString(tokens),
                  Integer.toString(iterations),
                  String.format(Locale.ROOT, "%.1f", plain),
                  String.format(Locale.ROOT, "%.1f", library),
                  String.format(Locale.ROOT, "%+.1f%%", 100 * (library / plain - 1)),
                  String.format(Locale.ROOT, "%.0f", rate),
                  ceiling.share(rate)));
        }
      }
    }
    System.out.print(table);
  }
}
