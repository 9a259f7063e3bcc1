package io.github.recurrent.onnx;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.ReasonerContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class OnnxReasonerContractTest extends ReasonerContract {
  private final Path folder;

  OnnxReasonerContractTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected Reasoner open(Checkpoint checkpoint) throws Exception {
    Path exported = Files.createTempDirectory(folder, "model").resolve("onnx");
    OnnxExporter.export(checkpoint, exported);
    return OnnxReasoner.load(exported);
  }
}
