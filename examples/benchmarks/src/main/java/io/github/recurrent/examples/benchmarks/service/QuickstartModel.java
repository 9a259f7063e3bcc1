package io.github.recurrent.examples.benchmarks.service;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the benchmarks serve: the model that the quickstart has made, or another. */
final class QuickstartModel {
  /** From the folder of this module, in which its programs run. */
  private static final String DEFAULT = "../../runs/quickstart/onnx";

  private QuickstartModel() {}

  /**
   * Returns the folder of the exported model, {@code -Dmodel} if given.
   *
   * @throws IllegalArgumentException if it does not exist
   */
  static Path folder() {
    Path folder = Path.of(System.getProperty("model", DEFAULT)).toAbsolutePath().normalize();
    checkArgument(
        Files.isDirectory(folder),
        "no exported model in %s: make one by mvn -f examples/run, or name another by"
            + " -Djava.options=-Dmodel=FOLDER",
        folder);
    return folder;
  }
}
