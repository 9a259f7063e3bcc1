package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import com.google.common.primitives.Floats;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.InputRows;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exported files alone answer queries, and refuse whatever else they are given. */
final class InputRowsTest {
  private static final int LAST_ID = TestModels.VOCABULARY.size() - 1;
  private static final long[][] QUERIES = {{1, 14}, {2, 13, 15}, {3, 13, 16, 14}};
  private static final float NEARLY = 1e-4f;

  private final Path folder;

  InputRowsTest(@TempDir Path parent) {
    folder = parent.resolve("onnx");
  }

  /** Every read position, with positions for five tokens and without. */
  static Stream<RecurrentDepthTransformer> models() {
    List<RecurrentDepthTransformer> models = new ArrayList<>();
    for (PositionEncoding positions : PositionEncoding.values()) {
      for (ReadPosition read :
          List.of(ReadPosition.firstPad(), ReadPosition.lastToken(), ReadPosition.column(3))) {
        models.add(TestModels.small().positions(positions).readPosition(read).build());
      }
    }
    return models.stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theNumberOfZerosBehindAQueryChangesNothing(RecurrentDepthTransformer model)
      throws Exception {
    try (PortableFiles files = export(model);
        OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      for (long[] query : QUERIES) {
        float[] expected = reasoner.trajectory(queries(query), 3).logits(3, 0);
        for (int zeros = 0; zeros < 5; zeros++) {
          long[][] row = {Arrays.copyOf(query, query.length + zeros)};
          float[] all = files.trajectory(row, 3);

          assertThat(Floats.toArray(files.answer(row, 3).logits()))
              .as("%s zeros", zeros)
              .containsExactly(expected, within(NEARLY));
          assertThat(Arrays.copyOfRange(all, 2 * expected.length, all.length))
              .containsExactly(expected, within(NEARLY));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsOfDifferentLengthsMayFillTheBatch(RecurrentDepthTransformer model) throws Exception {
    try (PortableFiles files = export(model);
        OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      long[][] rows = {{1, 14, 0}, {2, 13, 15}};

      float[] logits = Floats.toArray(files.answer(rows, 2).logits());

      for (int row = 0; row < 2; row++) {
        assertThat(Arrays.copyOfRange(logits, row * (LAST_ID + 1), (row + 1) * (LAST_ID + 1)))
            .containsExactly(
                reasoner
                    .trajectory(queries(Arrays.stream(rows[row]).filter(id -> id > 0).toArray()), 2)
                    .logits(2, 0),
                within(NEARLY));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsThatAreNotQueriesFail(RecurrentDepthTransformer model) throws Exception {
    long[][] wrong = {
      {-1, 14, 0, 0},
      {1, -1, 0, 0},
      {1, 14, -1, 0},
      {1, LAST_ID + 1, 0, 0},
      {Long.MAX_VALUE, 14, 0, 0},
      {Long.MIN_VALUE, 14, 0, 0},
      {0, 14, 0, 0},
      {1, 0, 14, 0},
      {1, 14, 0, 13},
      {1, 0, 0, 0},
      {0, 0, 0, 0}
    };
    try (PortableFiles files = export(model)) {
      for (long[] row : wrong) {
        assertRefused(model, () -> files.answer(new long[][] {row}, 2));
        assertRefused(model, () -> files.answer(new long[][] {{1, 14, 15, 0}, row}, 2));
        assertRefused(model, () -> files.trajectory(new long[][] {row}, 2));
      }
      assertRefused(model, () -> files.answer(new long[][] {{}}, 2));
      assertRefused(model, () -> files.answer(new long[][] {{1}}, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void queriesThatAreTooLongForTheModelFail(RecurrentDepthTransformer model) throws Exception {
    try (PortableFiles files = export(model)) {
      for (int tokens = 2; tokens < 9; tokens++) {
        long[] query = new long[tokens];
        Arrays.fill(query, 14);
        long[][] rows = {Arrays.copyOf(query, 9)};
        if (takes(model, tokens)) {
          assertThat(files.answer(rows, 1).iterations()).containsExactly(1L);
        } else {
          assertRefused(model, () -> files.answer(rows, 1));
        }
      }
    }
  }

  private static boolean takes(RecurrentDepthTransformer model, int tokens) {
    try {
      return model.paddedLength(tokens) > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void lessThanOneIterationCountsAsOne(long iterations) throws Exception {
    try (PortableFiles files = export(TestModels.small().build())) {
      PortableFiles.Answers one = files.answer(QUERIES_OF_EQUAL_LENGTH, 1);
      PortableFiles.Answers none = files.answer(QUERIES_OF_EQUAL_LENGTH, iterations);

      assertThat(none.iterations()).containsExactly(1L, 1L);
      assertThat(none.logits()).isEqualTo(one.logits());
      assertThat(files.trajectory(QUERIES_OF_EQUAL_LENGTH, iterations))
          .isEqualTo(files.trajectory(QUERIES_OF_EQUAL_LENGTH, 1));
    }
  }

  private static final long[][] QUERIES_OF_EQUAL_LENGTH = {{1, 14, 0}, {2, 13, 0}};

  @Test
  void otherBoundsAndThresholdsMeanWhatIsSaid() throws Exception {
    try (PortableFiles files = export(TestModels.small().build())) {
      long[][] rows = QUERIES_OF_EQUAL_LENGTH;

      assertThat(files.answer(rows, 5, -7, 1e9f, 1e9f).iterations()).containsExactly(2L, 2L);
      assertThat(files.answer(rows, 5, 9, 1e9f, 1e9f).iterations()).containsExactly(5L, 5L);
      assertThat(files.answer(rows, 5, 1, Float.NaN, 1e9f).iterations()).containsExactly(5L, 5L);
      assertThat(files.answer(rows, 5, 1, 1e9f, Float.NaN).iterations()).containsExactly(5L, 5L);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theFilesSayWhatTheyTake(RecurrentDepthTransformer model) throws Exception {
    export(model).close();
    for (String name : List.of("model.onnx", "trajectory.onnx")) {
      ModelProto file = ModelProto.parseFrom(Files.readAllBytes(folder.resolve(name)));

      assertThat(file.getDocString())
          .isEqualTo(file.getGraph().getDocString())
          .contains("ids from 1 to " + LAST_ID)
          .contains(InputRows.requirement(model))
          .contains("below 1 counts as 1");
    }
  }

  private static void assertRefused(RecurrentDepthTransformer model, ThrowingCallable run) {
    assertThatExceptionOfType(OrtException.class)
        .isThrownBy(run)
        .withMessageContaining(InputRows.requirement(model));
  }

  private static QueryBatch queries(long[] ids) {
    String[] tokens =
        Arrays.stream(ids)
            .mapToObj(id -> TestModels.VOCABULARY.token((int) id))
            .toArray(String[]::new);
    return QueryBatch.of(
        TestModels.VOCABULARY,
        List.of(Query.of(tokens[0], Arrays.copyOfRange(tokens, 1, tokens.length))));
  }

  private PortableFiles export(RecurrentDepthTransformer model) throws IOException, OrtException {
    OnnxExporter.export(TestModels.random(model, 7), folder);
    return PortableFiles.load(folder);
  }
}
