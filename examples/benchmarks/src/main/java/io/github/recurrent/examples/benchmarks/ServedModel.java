package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The quickstart's model, for the programs that measure how it is served: trained when it is first
 * asked for, which takes two minutes, and then kept below {@code runs/served}.
 */
final class ServedModel {
  /** The paper's thresholds; its 3.0 nats for 200 entities scale to 1.57 for 16. */
  static final Halting HALTING =
      Halting.klAndEntropy(0.01, 3.0 * Math.log(16) / Math.log(200)).atMost(40);

  /** The hops of the longest facts of its data. */
  static final int MAX_HOPS = 20;

  private static final int ENTITIES = 16;
  private static final int RELATIONS = 8;

  private ServedModel() {}

  static KnowledgeGraph graph(long seed) {
    return KnowledgeGraph.builder()
        .entities(ENTITIES)
        .relations(RELATIONS)
        .permutations()
        .seed(seed)
        .build();
  }

  /** Returns the data that the model is trained and tested on. */
  static MultiHopDataset data(long seed) {
    return MultiHopDataset.from(graph(seed))
        .hops(2, MAX_HOPS)
        .trainPerHop(15_000)
        .testPerHop(750)
        .allWhereFewerExist(0.2)
        .seed(seed)
        .build();
  }

  static Path folder(long seed) {
    return Path.of("runs", "served", "seed-" + seed);
  }

  /** Returns the model, trained now or before. */
  static Checkpoint checkpoint(long seed) throws IOException {
    Path kept = folder(seed).resolve("checkpoint");
    if (Checkpoint.isIn(kept)) {
      return Checkpoint.read(kept);
    }
    MultiHopDataset data = data(seed);
    Preset preset = Preset.laptopFarExtrapolation();
    Checkpoint trained =
        preset
            .trainer(preset.model(data.vocabulary()).build())
            .seed(seed)
            .listener(ProgressBar.create())
            .train(data);
    Files.createDirectories(kept.getParent());
    trained.write(kept);
    return trained;
  }

  /**
   * Exports the model, or one of the size that the options {@code -Dcopies} and {@code -Dlayers}
   * say.
   *
   * @return the exported folder
   */
  static Path export(long seed) throws IOException {
    return export(
        seed,
        Integer.getInteger("copies", 1),
        Integer.getInteger("layers", checkpoint(seed).model().layers()));
  }

  /**
   * Exports the model, or one {@linkplain WiderModel so much wider} that computes the same.
   *
   * @return the exported folder
   */
  static Path export(long seed, int copies, int layers) throws IOException {
    Checkpoint checkpoint = checkpoint(seed);
    boolean same = copies == 1 && layers == checkpoint.model().layers();
    Path exported =
        folder(seed).resolve(same ? "onnx" : "onnx-" + copies + "-copies-" + layers + "-layers");
    OnnxExporter.export(same ? checkpoint : WiderModel.of(checkpoint, copies, layers), exported);
    return exported;
  }

  /** Returns random queries of 1 to so many hops. */
  static ImmutableList<Query> queries(int count, int mostHops, Seed seed) {
    return RandomQueries.of(count, 1, mostHops, ENTITIES, RELATIONS, seed);
  }
}
