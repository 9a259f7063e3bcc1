package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.AdamW;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Device;
import io.github.recurrent.tf.Precision;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times whole training steps, from drawing the batch to the update, at the paper's size and at
 * laptop sizes, beside the ceiling of this machine's matrix products. Run it on an idle machine.
 *
 * <p>Usage: {@code TrainingBenchmark [seed [threads [device]]]}; all processors unless given, and
 * the CPU unless the device is {@code auto} or {@code gpu} with a number, such as {@code gpu0}.
 * Each size is named on the standard error stream as it begins.
 *
 * <p>GFLOP/s count 6 · stack parameters · batch · tokens · R for a step, all tokens in all
 * iterations, although the last block is computed at the read tokens only.
 */
public final class TrainingBenchmark {
  private static final int WARM_UPS = 3;

  private TrainingBenchmark() {}

  private record Size(String name, int width, int layers, int heads, int entities, int batch) {}

  private record Work(Size size, int tokens, int iterations, Precision precision, int steps) {}

  private static final Size PAPER = new Size("paper", 768, 4, 12, 200, 128);
  private static final Size LAPTOP_128 = new Size("laptop 128", 128, 2, 4, 200, 256);
  private static final Size LAPTOP_64 = new Size("laptop 64", 64, 1, 2, 16, 256);

  /**
   * Runs the benchmark.
   *
   * @throws IOException never, as nothing is written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    long seed = told.seed();
    int threads = told.number(1, "threads", AllCores.THREADS);
    Device device = told.device(2);
    System.out.println("Measuring the rates of matrix products");
    double fp32 = device.matrixProductRate(threads, Precision.FP32);
    double bf16 = device.matrixProductRate(threads, Precision.BF16);
    System.out.printf(
        Locale.ROOT,
        "%s, %d threads; products of 2048 x 2048 matrices: fp32 %.0f GFLOP/s, bf16 %.0f GFLOP/s%n%n",
        device,
        threads,
        fp32,
        bf16);
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "size",
                "width",
                "layers",
                "batch",
                "tokens",
                "R",
                "format",
                "ms/step",
                "examples/s",
                "GFLOP/s",
                "of ceiling"));
    for (Work work : works()) {
      System.out.printf(
          Locale.ROOT,
          "Timing %d steps: %s, %d tokens, R = %d, %s%n",
          WARM_UPS + work.steps(),
          work.size().name(),
          work.tokens(),
          work.iterations(),
          work.precision().toString().toLowerCase(Locale.ROOT));
      double seconds = secondsOfStep(work, device, threads, seed);
      double rate = operations(work) / seconds / 1e9;
      table.add(
          ImmutableList.of(
              work.size().name(),
              Integer.toString(work.size().width()),
              Integer.toString(work.size().layers()),
              Integer.toString(work.size().batch()),
              Integer.toString(work.tokens()),
              Integer.toString(work.iterations()),
              work.precision().toString().toLowerCase(Locale.ROOT),
              String.format(Locale.ROOT, "%.1f", seconds * 1e3),
              String.format(Locale.ROOT, "%.0f", work.size().batch() / seconds),
              String.format(Locale.ROOT, "%.0f", rate),
              String.format(
                  Locale.ROOT,
                  "%.0f%%",
                  100 * rate / (work.precision() == Precision.FP32 ? fp32 : bf16))));
    }
    System.out.printf("%n%s", table);
  }

  private static List<Work> works() {
    ImmutableList.Builder<Work> works = ImmutableList.builder();
    for (Precision precision : List.of(Precision.BF16, Precision.FP32)) {
      for (int iterations : new int[] {4, 8}) {
        for (int tokens : new int[] {4, 12}) {
          works.add(new Work(PAPER, tokens, iterations, precision, 5));
        }
      }
    }
    for (Size size : List.of(LAPTOP_128, LAPTOP_64)) {
      for (int tokens : new int[] {4, 12}) {
        works.add(new Work(size, tokens, 4, Precision.FP32, 40));
      }
    }
    works.add(new Work(LAPTOP_128, 4, 4, Precision.BF16, 40));
    return works.build();
  }

  private static double operations(Work work) {
    double width = work.size().width();
    double stack = work.size().layers() * (12 * width * width + 13 * width);
    return 6 * stack * work.size().batch() * work.tokens() * work.iterations();
  }

  /** Returns the median time of a step. */
  private static double secondsOfStep(Work work, Device device, int threads, long seed)
      throws IOException {
    // The read pad included, a query of k hops has k + 2 tokens.
    int hops = work.tokens() - 2;
    MultiHopDataset data =
        MultiHopDataset.from(
                KnowledgeGraph.builder()
                    .entities(work.size().entities())
                    .relations(10)
                    .seed(seed)
                    .build())
            .hops(hops, hops)
            .trainPerHop(1000)
            .testPerHop(10)
            .build();
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(data.vocabulary())
            .width(work.size().width())
            .layers(work.size().layers())
            .heads(work.size().heads())
            .recurrence(Recurrence.fixed(work.iterations()))
            .build();
    StepTimes times = new StepTimes(WARM_UPS + work.steps());
    Trainer.of(model)
        .device(device)
        .threads(threads)
        .precision(work.precision())
        .batch(work.size().batch())
        .optimizer(AdamW.builder().learningRate(1e-4).warmupSteps(0).build())
        .seed(seed)
        .curriculum(
            Curriculum.byHops()
                // Less than half a row: all rows are of the same length.
                .atomicShare(1e-6)
                .stepsPerEpoch(WARM_UPS + work.steps() + 1)
                .epochsPerStage(1))
        .listener(times)
        .train(data);
    return times.median();
  }

  /** The times between the ends of steps. */
  private static final class StepTimes implements TrainingListener {
    private final long[] ends;
    private int count;

    StepTimes(int steps) {
      ends = new long[steps + 1];
    }

    @Override
    public void stepped(Step step) {
      ends[count++] = System.nanoTime();
    }

    double median() {
      double[] seconds = new double[count - 1 - WARM_UPS];
      for (int i = 0; i < seconds.length; i++) {
        seconds[i] = (ends[WARM_UPS + i + 1] - ends[WARM_UPS + i]) / 1e9;
      }
      Arrays.sort(seconds);
      return seconds[seconds.length / 2];
    }
  }
}
