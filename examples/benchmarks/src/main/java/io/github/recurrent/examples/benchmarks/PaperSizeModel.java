package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.UnrolledGraph;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a model of the paper's size, 768 wide with 4 layers and 217 tokens, whose weights
 * are random: as this library exports it, and as plain unrolled graphs. A time with a fixed number
 * of iterations does not depend on the weights.
 */
final class PaperSizeModel implements AutoCloseable {
  private static final int ENTITIES = 200;
  private static final int RELATIONS = 10;
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          KnowledgeGraph.builder().entities(ENTITIES).relations(RELATIONS).permutations().build());
  private static final RecurrentDepthTransformer MODEL =
      RecurrentDepthTransformer.builder()
          .vocabulary(VOCABULARY)
          .initialization(Initialization.builder().projectionScale(1).build())
          .build();

  private final Path folder;

  private PaperSizeModel(Path folder) {
    this.folder = folder;
  }

  /** Writes the files into a folder that closing deletes. */
  static PaperSizeModel write(long seed, List<Integer> unrolled) throws IOException {
    PaperSizeModel model = new PaperSizeModel(Files.createTempDirectory("recurrent-benchmark"));
    Checkpoint checkpoint =
        Checkpoint.builder()
            .model(MODEL)
            .vocabulary(VOCABULARY)
            .parameters(Parameters.initialize(MODEL, Seed.of(seed)))
            .build();
    OnnxExporter.export(checkpoint, exported(model.folder));
    if (!unrolled.isEmpty()) {
      UnrolledGraph.write(checkpoint, unrolled(model.folder), unrolled);
    }
    return model;
  }

  Path folder() {
    return folder;
  }

  static Path exported(Path folder) {
    return folder.resolve("exported");
  }

  static Path unrolled(Path folder) {
    return folder.resolve("unrolled");
  }

  /** Returns random queries. */
  static ImmutableList<Query> queries(int count, int hops, long seed) {
    return RandomQueries.of(count, hops, hops, ENTITIES, RELATIONS, Seed.of(seed));
  }

  /**
   * Returns the operations of one iteration of so many tokens in the linear layers, without those
   * of attention and of the readout.
   */
  static double operations(RecurrentDepthTransformer model, double tokens) {
    return 2 * 12.0 * model.width() * model.width() * model.layers() * tokens;
  }

  static double operations(double tokens) {
    return operations(MODEL, tokens);
  }

  static Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  public void close() throws IOException {
    MoreFiles.deleteRecursively(folder);
  }
}
