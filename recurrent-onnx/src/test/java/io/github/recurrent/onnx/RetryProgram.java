package io.github.recurrent.onnx;

import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a model without a temporary folder, and again once there is one. */
final class RetryProgram {
  private RetryProgram() {}

  /** Takes the folder of the model and the temporary folder. */
  public static void main(String[] arguments) throws Exception {
    load(Path.of(arguments[0]));
    Files.createDirectory(Path.of(arguments[1]));
    load(Path.of(arguments[0]));
  }

  private static void load(Path folder) {
    try {
      OnnxReasoner.load(folder).close();
      System.out.println("loaded");
    } catch (Throwable e) {
      System.out.println(e);
    }
  }
}
