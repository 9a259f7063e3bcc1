package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner;
import io.github.recurrent.reasoning.TracedReasonerContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OnnxTracerTest extends TracedReasonerContract {
  @Override
  protected TracedReasoner open(Checkpoint checkpoint) throws IOException {
    return OnnxTracer.of(checkpoint);
  }

  @Test
  void greatBatchesAreRunInPartsThatDoNotShow() throws IOException {
    QueryBatch all = TestModels.queries(1500, 3, 1);
    try (OnnxTracer tracer = OnnxTracer.of(TestModels.random(1))) {
      Trace run = tracer.trace(all, 2);

      for (int row : new int[] {0, 511, 512, 1499}) {
        Trace one = tracer.trace(QueryBatch.of(all.vocabulary(), List.of(query(all, row))), 2);
        float[] alone = one.state(4, 0, one.readPosition(0));
        assertThat(run.state(4, row, run.readPosition(row))).containsExactly(alone, within(1e-5f));
      }
    }
  }

  private static Query query(QueryBatch batch, int row) {
    StringBuilder text = new StringBuilder();
    for (int position = 0; position < batch.length(row); position++) {
      text.append(batch.vocabulary().token(batch.id(row, position)));
    }
    return Query.parse(text.toString());
  }

  @Test
  void closingLeavesNoFilesBehind() throws IOException {
    OnnxTracer tracer = OnnxTracer.of(TestModels.random(1));
    assertThat(tracer.folder()).isNotEmptyDirectory();

    tracer.close();

    assertThat(tracer.folder()).doesNotExist();
  }
}
