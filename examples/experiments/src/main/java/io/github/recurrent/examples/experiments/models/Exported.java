package io.github.recurrent.examples.experiments.models;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.onnx.ExportOptions;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Reasoner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A checkpoint's model, exported for as long as it is asked. */
public final class Exported {
  private Exported() {}

  /** Answers a question to the model. */
  public static <T> T ask(Checkpoint checkpoint, Function<Reasoner, T> question)
      throws IOException {
    return ask(checkpoint, ExportOptions.builder().build(), question);
  }

  /** Answers a question to the model, exported as told. */
  public static <T> T ask(
      Checkpoint checkpoint, ExportOptions options, Function<Reasoner, T> question)
      throws IOException {
    Path folder = Files.createTempDirectory("recurrent-figure");
    try {
      OnnxExporter.export(checkpoint, folder.resolve("onnx"), options);
      try (Reasoner reasoner = OnnxReasoner.load(folder.resolve("onnx"))) {
        return question.apply(reasoner);
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
