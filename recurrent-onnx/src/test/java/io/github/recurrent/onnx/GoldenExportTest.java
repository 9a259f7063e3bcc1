package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exports that earlier versions of the library wrote stay readable, and answer as they did. */
final class GoldenExportTest {
  private static final Query QUERY = Query.of("<e_1>", "<r_0>", "<r_1>");
  private static final float[] LOGITS = {
    8.660687f, -0.51546466f, -1.0851098f, 5.7076693f, 0.6317592f, -2.5135856f, -0.47001612f,
    0.8235829f, 2.045303f, 2.0633264f, 4.566448f, 0.22167313f, -2.5717616f, -1.9906613f
  };

  @Test
  void format2() throws Exception {
    Path folder = Path.of("src", "test", "resources", "golden", "export-2");
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder);
        ContinuousBatcher batcher = ContinuousBatcher.of(reasoner)) {
      assertThat(reasoner.model().attentionSlopes()).containsExactly(2.0, 0.5);
      assertThat(reasoner.provenance()).containsEntry("seed", "7");
      assertThat(
              reasoner
                  .trajectory(QueryBatch.of(reasoner.vocabulary(), List.of(QUERY)), 3)
                  .logits(3, 0))
          .containsExactly(LOGITS, within(1e-5f));
      assertThat(batcher.submit(QUERY, Halting.fixed(3)).join().toString())
          .isEqualTo("<pad> (0.932) after 3 iterations");
    }
  }
}
