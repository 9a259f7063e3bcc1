package io.github.recurrent.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.Query;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiderModelTest {
  private static final int ITERATIONS = 4;

  @TempDir Path folder;

  @Test
  void computesWhatTheNarrowModelDoes() throws IOException {
    Vocabulary vocabulary = Vocabulary.of(ServedModel.graph(1));
    RecurrentDepthTransformer narrow =
        RecurrentDepthTransformer.builder()
            .vocabulary(vocabulary)
            .width(16)
            .layers(1)
            .heads(2)
            .attentionSlopes(8, 2)
            .inputInjection(true)
            .build();
    Checkpoint checkpoint =
        Checkpoint.builder()
            .model(narrow)
            .vocabulary(vocabulary)
            .parameters(Parameters.of(narrow, values(narrow)))
            .build();
    Checkpoint wide = WiderModel.of(checkpoint, 3, 2);
    assertThat(wide.model().width()).isEqualTo(48);
    ImmutableList<Query> queries = ServedModel.queries(8, 5, Seed.of(1));
    Trajectory expected = trajectory(checkpoint, queries);
    Trajectory found = trajectory(wide, queries);
    for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
      for (int row = 0; row < queries.size(); row++) {
        for (int token = 0; token < vocabulary.size(); token++) {
          assertThat(found.logit(iteration, row, token))
              .isCloseTo(expected.logit(iteration, row, token), within(1e-4f));
        }
      }
    }
  }

  /** Returns values of which none is what training begins with. */
  private static Map<String, float[]> values(RecurrentDepthTransformer model) {
    UniformRandomProvider random = RandomStream.of(Seed.of(1).child("values"));
    Map<String, float[]> values = new HashMap<>();
    model
        .parameterShapes()
        .forEach(
            (name, shape) -> {
              float[] drawn = new float[shape.size()];
              for (int i = 0; i < drawn.length; i++) {
                drawn[i] = random.nextFloat() - 0.5f;
              }
              values.put(name, drawn);
            });
    return values;
  }

  private Trajectory trajectory(Checkpoint checkpoint, ImmutableList<Query> queries)
      throws IOException {
    Path exported = folder.resolve("width-" + checkpoint.model().width());
    OnnxExporter.export(checkpoint, exported);
    try (OnnxReasoner reasoner = OnnxReasoner.load(exported)) {
      return reasoner.trajectory(QueryBatch.of(checkpoint.vocabulary(), queries), ITERATIONS);
    }
  }
}
