package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OrtException;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.QueryBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiveBatchTest {
  private static final RecurrentDepthTransformer MODEL = TestModels.small().build();
  private static final QueryBatch QUERIES = TestModels.queries(5, 6, 1);

  private final Path folder;
  private int runs;
  private int failing;

  LiveBatchTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void severalIterationsAreOneRunAndComputeTheSame(boolean inputInjection) throws Exception {
    RecurrentDepthTransformer model = TestModels.small().inputInjection(inputInjection).build();
    try (RuntimeSession session = session(model);
        LiveBatch one = batch(model, session);
        LiveBatch several = batch(model, session)) {
      List<LiveBatch.Row> rows = rows(model);
      List<LiveBatch.Row> others = rows(model);
      Readings expected = one.iterate(List.of(), rows, 1, List.of(), false);
      for (int iteration = 2; iteration <= 5; iteration++) {
        expected = one.iterate(rows, List.of(), 1, rows, true);
      }
      runs = 0;

      several.iterate(List.of(), others, 3, List.of(), false);
      Readings readings = several.iterate(others, List.of(), 2, others, true);

      assertThat(runs).isEqualTo(2);
      assertThat(readings.logits()).isEqualTo(expected.logits());
      assertThat(readings.states()).isEqualTo(expected.states());
    }
  }

  @Test
  void whatIsReadStaysWhenOtherIterationsFollow() throws Exception {
    onBatch(
        (batch, rows) -> {
          Readings first = batch.iterate(List.of(), rows, 1, rows, true);
          float[] logits = first.logits().clone();
          float[] states = first.states().clone();

          Readings second = batch.iterate(rows, List.of(), 1, rows, true);

          assertThat(first.logits()).isEqualTo(logits).isNotEqualTo(second.logits());
          assertThat(first.states()).isEqualTo(states).isNotEqualTo(second.states());
        });
  }

  @Test
  void onlyWhatIsAskedForIsRead() throws Exception {
    onBatch(
        (batch, rows) -> {
          Readings all = batch.iterate(List.of(), rows, 1, rows, true);
          assertThat(all.logits()).hasSize(rows.size() * MODEL.vocabularySize());
          assertThat(all.states()).hasSize(rows.size() * MODEL.width());

          Readings few = batch.iterate(rows, List.of(), 1, rows.subList(1, 3), false);
          assertThat(few.logits()).hasSize(2 * MODEL.vocabularySize());
          assertThat(few.states()).isEmpty();

          Readings none = batch.iterate(rows, List.of(), 1, List.of(), true);
          assertThat(none.logits()).isEmpty();
          assertThat(none.states()).isEmpty();
        });
  }

  @Test
  void aRunThatFailsLeavesRoomForOthers() throws Exception {
    onBatch(
        (batch, rows) -> {
          Readings expected = batch.iterate(List.of(), rows, 4, rows, true);
          failing = runs + 1;

          assertThatIllegalStateException()
              .isThrownBy(() -> batch.iterate(rows, List.of(), 1, rows, true))
              .withMessageContaining("out of memory");
          Readings again = batch.iterate(List.of(), rows, 4, rows, true);

          assertThat(again.logits()).isEqualTo(expected.logits());
        });
  }

  private void onBatch(BiConsumer<LiveBatch, List<LiveBatch.Row>> test) throws Exception {
    try (RuntimeSession session = session(MODEL);
        LiveBatch batch = batch(MODEL, session)) {
      test.accept(batch, rows(MODEL));
    }
  }

  private RuntimeSession session(RecurrentDepthTransformer model) throws Exception {
    OnnxExporter.export(TestModels.random(model, 1), folder);
    return RuntimeSession.open(
        ExportedModel.read(folder).step(), ExecutionOptions.builder().threads(1).build());
  }

  private LiveBatch batch(RecurrentDepthTransformer model, RuntimeSession session) {
    return new LiveBatch(
        model,
        (inputs, outputs) -> {
          runs++;
          if (runs == failing) {
            throw new OrtException("out of memory");
          }
          session.run(inputs, outputs);
        });
  }

  private static ImmutableList<LiveBatch.Row> rows(RecurrentDepthTransformer model) {
    return IntStream.range(0, QUERIES.size())
        .mapToObj(row -> new LiveBatch.Row(model, QUERIES.ids(row)))
        .collect(ImmutableList.toImmutableList());
  }
}
