package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.onnx.ExportOptions;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Reasoner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Exports the {@linkplain ServedModel quickstart's model} in 32-bit floats and with 8-bit integers,
 * and compares how both answer the test facts of every number of hops, adaptively.
 *
 * <p>Usage: {@code QuantizedAnswers [seed]}
 */
public final class QuantizedAnswers {
  private QuantizedAnswers() {}

  /**
   * Prints the comparison.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    long seed = Arguments.of(arguments).seed();
    Checkpoint checkpoint = ServedModel.checkpoint(seed);
    MultiHopDataset data = ServedModel.data(seed);
    Path floats = ServedModel.export(seed, 1, checkpoint.model().layers());
    Path integers = floats.resolveSibling("onnx-int8");
    OnnxExporter.export(checkpoint, integers, ExportOptions.builder().quantizeInt8(true).build());
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "hops",
                "facts",
                "fp32 right",
                "int8 right",
                "same answer",
                "same iterations",
                "greatest difference of a logit"));
    try (OnnxReasoner exact = OnnxReasoner.load(floats);
        OnnxReasoner rounded = OnnxReasoner.load(integers)) {
      for (int hops = 2; hops <= ServedModel.MAX_HOPS; hops++) {
        System.out.println("Answering facts of " + hops + " hops with both models");
        Reasoner.Comparison comparison =
            exact.compare(rounded, data.test(hops), ServedModel.HALTING);
        table.add(
            ImmutableList.of(
                Integer.toString(hops),
                Integer.toString(comparison.facts()),
                share(comparison.firstAccuracy()),
                share(comparison.secondAccuracy()),
                share(comparison.agreement()),
                share(comparison.sameIterations()),
                String.format(Locale.ROOT, "%.2f", comparison.maxLogitDifference())));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "Weights: %d KiB in 32-bit floats, %d KiB with 8-bit integers; %s%n%n%s",
        kibibytes(floats),
        kibibytes(integers),
        ServedModel.HALTING,
        table);
  }

  private static long kibibytes(Path folder) throws IOException {
    return Files.size(folder.resolve("model.data")) / 1024;
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
