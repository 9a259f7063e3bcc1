package io.github.recurrent.onnx;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.ReasonerContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The exported files answer alone as they do in {@link OnnxReasoner}. */
final class PortableReasonerContractTest extends ReasonerContract {
  private final Path folder;

  PortableReasonerContractTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  protected Reasoner open(Checkpoint checkpoint) throws Exception {
    Path exported = Files.createTempDirectory(folder, "model").resolve("onnx");
    OnnxExporter.export(checkpoint, exported);
    return PortableReasoner.load(exported);
  }

  @Override
  protected boolean seesHiddenState() {
    return false;
  }
}
