package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnrolledGraphTest {
  private static final int ITERATIONS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void computesWhatTheReasonerDoes(boolean injection) throws IOException {
    Checkpoint checkpoint =
        TestModels.random(TestModels.small().inputInjection(injection).build(), 7);
    OnnxExporter.export(checkpoint, folder.resolve("export"));
    UnrolledGraph.write(checkpoint, folder.resolve("unrolled"), List.of(ITERATIONS));
    QueryBatch queries = TestModels.queries(5, 4, 7);
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder.resolve("export"));
        PlainCall plain =
            PlainCall.load(UnrolledGraph.file(folder.resolve("unrolled"), ITERATIONS), 1)) {
      Trajectory expected = reasoner.trajectory(queries, ITERATIONS);
      float[] logits = plain.logits(queries.paddedIds(checkpoint.model()), queries.size());
      assertThat(logits).hasSize(queries.size() * TestModels.VOCABULARY.size());
      for (int row = 0; row < queries.size(); row++) {
        for (int token = 0; token < TestModels.VOCABULARY.size(); token++) {
          assertThat(logits[row * TestModels.VOCABULARY.size() + token])
              .isCloseTo(expected.logit(ITERATIONS, row, token), within(1e-4f));
        }
      }
    }
  }
}
