package io.github.recurrent.examples.programs;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.PyTorchCheckpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A published PyTorch checkpoint: says what the file holds, reads it, exports it to ONNX, and
 * answers a query. No Python is needed, and nothing in the file is executed.
 *
 * <p>Usage: {@code PublishedCheckpoint [model.pt vocab.json heads query]}; without arguments it
 * takes a small model with which this project is tested.
 */
public final class PublishedCheckpoint {
  private static final Path FIXTURE =
      Path.of("recurrent-core", "src", "test", "resources", "fixtures", "pytorch_nope");

  private PublishedCheckpoint() {}

  /** Reads, exports and answers. */
  public static void main(String[] arguments) throws IOException {
    boolean own = arguments.length == 4;
    Checkpoint checkpoint =
        own
            ? read(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]))
            : fixture();
    Path exported = Files.createTempDirectory("recurrent-published").resolve("onnx");
    OnnxExporter.export(checkpoint, exported);
    System.out.println("Exported to " + exported);
    try (OnnxReasoner reasoner = OnnxReasoner.load(exported)) {
      Query query = Query.parse(own ? arguments[3] : "<e_7><r_5><r_3><r_3>");
      System.out.println(query + " -> " + reasoner.answer(query, Halting.klAndEntropy(0.01, 3)));
    }
  }

  /** Returns the small model with which this project is tested. */
  static Checkpoint fixture() throws IOException {
    return read(FIXTURE.resolve("checkpoint_epoch_8.pt"), FIXTURE.resolve("vocab.json"), 4);
  }

  private static Checkpoint read(Path file, Path tokens, int heads) throws IOException {
    PyTorchCheckpoint.Contents contents = PyTorchCheckpoint.describe(file);
    System.out.println(file.getFileName() + ": " + contents);
    // The number of heads shows in no parameter, so it must be given.
    return PyTorchCheckpoint.read(
        file, contents.model().heads(heads).build(), Vocabulary.read(tokens));
  }
}
