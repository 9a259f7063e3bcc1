package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxExporterTest {
  private static final Checkpoint CHECKPOINT = TestModels.random(1);

  private final Path parent;
  private final Path folder;

  OnnxExporterTest(@TempDir Path parent) {
    this.parent = parent;
    this.folder = parent.resolve("onnx");
  }

  @Test
  void filesAreOfOperatorSet17AndIrVersion8() throws IOException {
    for (ModelProto model : export()) {
      assertThat(model.getIrVersion()).isEqualTo(8);
      assertThat(model.getOpsetImportList())
          .singleElement()
          .satisfies(set -> assertThat(set.getDomain()).isEmpty())
          .satisfies(set -> assertThat(set.getVersion()).isEqualTo(17));
    }
  }

  @Test
  void everyWeightIsInTheDataFileOnceForBothGraphs() throws IOException {
    List<ModelProto> models = export();

    ByteBuffer data =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("model.data")))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(weights(models.get(1))).isEqualTo(weights(models.get(0)));
    assertThat(weights(models.get(0)).keySet())
        .isEqualTo(CHECKPOINT.model().parameterShapes().keySet());
    weights(models.get(0))
        .forEach(
            (name, place) -> {
              int offset = Integer.parseInt(place.get("offset"));
              float[] values = new float[Integer.parseInt(place.get("length")) / Float.BYTES];
              data.slice(offset, values.length * Float.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .asFloatBuffer()
                  .get(values);
              float[] expected = new float[values.length];
              CHECKPOINT.parameters().values(name).get(expected);
              assertThat(values).as(name).isEqualTo(expected);
              assertThat(place).containsEntry("location", "model.data");
            });
    long placed =
        weights(models.get(0)).values().stream()
            .mapToLong(place -> (Long.parseLong(place.get("length")) + 4095) / 4096 * 4096)
            .sum();
    assertThat(data.capacity()).isEqualTo((int) placed);
  }

  private static Map<String, Map<String, String>> weights(ModelProto model) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
        .collect(
            ImmutableMap.toImmutableMap(
                TensorProto::getName,
                tensor ->
                    tensor.getExternalDataList().stream()
                        .collect(
                            ImmutableMap.toImmutableMap(
                                StringStringEntryProto::getKey,
                                StringStringEntryProto::getValue))));
  }

  @Test
  void bodiesOfLoopsHoldNoConstants() throws IOException {
    for (ModelProto model : export()) {
      GraphProto body =
          model.getGraph().getNodeList().stream()
              .filter(node -> node.getOpType().equals("Loop"))
              .flatMap(node -> node.getAttributeList().stream())
              .filter(AttributeProto::hasG)
              .findFirst()
              .orElseThrow()
              .getG();

      assertThat(body.getInitializerList()).isEmpty();
      assertThat(body.getNodeList()).extracting(NodeProto::getOpType).doesNotContain("Constant");
    }
  }

  @Test
  void metadataTellsModelVocabularyProvenanceAndLibrary() throws IOException {
    for (ModelProto model : export()) {
      assertThat(model.getProducerName()).isEqualTo("recurrent");
      assertThat(model.getProducerVersion()).matches("[0-9]+\\..*");
      Map<String, String> properties =
          model.getMetadataPropsList().stream()
              .collect(
                  ImmutableMap.toImmutableMap(
                      StringStringEntryProto::getKey, StringStringEntryProto::getValue));
      assertThat(properties)
          .containsEntry("recurrent.format_version", "2")
          .containsEntry("recurrent.library_version", model.getProducerVersion())
          .containsEntry("recurrent.provenance.seed", "1")
          .containsEntry("recurrent.provenance.data", "\"graph\" {é}");
      assertThat(properties.get("recurrent.model")).contains("\"width\":32");
      assertThat(properties.get("recurrent.vocabulary")).startsWith("[\"<pad>\",\"<e_0>\"");
    }
  }

  @Test
  void theModelHasTheDocumentedInputsAndOutputs() throws Exception {
    export();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(folder.resolve("model.onnx").toString());
        OnnxTensor ids =
            OnnxTensor.createTensor(environment, new long[][] {{1, 14, 0}, {2, 13, 0}});
        OnnxTensor max = OnnxTensor.createTensor(environment, 3L);
        OnnxTensor min = OnnxTensor.createTensor(environment, 1L);
        OnnxTensor kl = OnnxTensor.createTensor(environment, Float.NEGATIVE_INFINITY);
        OnnxTensor entropy = OnnxTensor.createTensor(environment, 3f)) {
      assertTensor(session.getInputInfo(), "input_ids", OnnxJavaType.INT64, -1, -1);
      assertTensor(session.getInputInfo(), "max_iterations", OnnxJavaType.INT64);
      assertTensor(session.getInputInfo(), "min_iterations", OnnxJavaType.INT64);
      assertTensor(session.getInputInfo(), "kl_threshold", OnnxJavaType.FLOAT);
      assertTensor(session.getInputInfo(), "entropy_threshold", OnnxJavaType.FLOAT);
      assertThat(session.getInputNames()).hasSize(5);
      int vocabulary = CHECKPOINT.vocabulary().size();
      assertTensor(session.getOutputInfo(), "logits", OnnxJavaType.FLOAT, -1, vocabulary);
      assertTensor(session.getOutputInfo(), "iterations", OnnxJavaType.INT64, -1);
      assertThat(session.getOutputNames()).hasSize(2);
      try (OrtSession.Result result =
          session.run(
              Map.of(
                  "input_ids", ids,
                  "max_iterations", max,
                  "min_iterations", min,
                  "kl_threshold", kl,
                  "entropy_threshold", entropy))) {
        assertThat((float[][]) result.get("logits").orElseThrow().getValue())
            .hasDimensions(2, vocabulary);
        assertThat((long[]) result.get("iterations").orElseThrow().getValue())
            .containsExactly(3, 3);
      }
    }
  }

  private static void assertTensor(
      Map<String, NodeInfo> infos, String name, OnnxJavaType type, long... shape) {
    TensorInfo tensor = (TensorInfo) Objects.requireNonNull(infos.get(name)).getInfo();
    assertThat(tensor.type).as(name).isEqualTo(type);
    assertThat(tensor.getShape()).as(name).isEqualTo(shape);
  }

  @Test
  void anExportReplacesTheOneBefore() throws IOException {
    export();

    OnnxExporter.export(TestModels.random(2), folder);

    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      assertThat(reasoner.provenance()).containsEntry("seed", "2");
    }
    assertThat(children(parent)).containsExactly(folder);
  }

  @Test
  void otherFilesOfTheFolderAreKept() throws IOException {
    Files.createDirectories(folder);
    Path other = Files.writeString(folder.resolve("notes.txt"), "mine");

    OnnxExporter.export(CHECKPOINT, folder);
    OnnxExporter.export(CHECKPOINT, folder);

    assertThat(children(parent)).containsExactly(folder);
    assertThat(other).hasContent("mine");
    assertThat(children(folder)).hasSize(5);
  }

  @Test
  void filesOfSomethingElseAreNotReplaced() throws IOException {
    Files.createDirectories(folder);
    Path model = Files.writeString(folder.resolve("model.onnx"), "mine");
    Files.writeString(folder.resolve("notes.txt"), "mine");

    assertThatThrownBy(() -> OnnxExporter.export(CHECKPOINT, folder))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("model.onnx")
        .hasMessageContaining("notes.txt");

    assertThat(model).hasContent("mine");
    assertThat(children(folder)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWeightThatIsNotFiniteIsNotExported(boolean quantized) throws IOException {
    export();
    byte[] before = Files.readAllBytes(folder.resolve("model.data"));
    ImmutableMap.Builder<String, float[]> values = ImmutableMap.builder();
    CHECKPOINT
        .parameters()
        .shapes()
        .forEach(
            (name, shape) -> {
              float[] copy = new float[shape.size()];
              CHECKPOINT.parameters().values(name).get(copy);
              if (name.equals("blocks.1.mlp.c_fc.bias")) {
                copy[2] = Float.NaN;
              }
              values.put(name, copy);
            });
    Checkpoint damaged =
        Checkpoint.builder()
            .from(CHECKPOINT)
            .parameters(Parameters.of(CHECKPOINT.model(), values.buildOrThrow()))
            .build();

    assertThatThrownBy(
            () ->
                OnnxExporter.export(
                    damaged, folder, ExportOptions.builder().quantizeInt8(quantized).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blocks.1.mlp.c_fc.bias is NaN at index [2]");

    assertThat(folder.resolve("model.data")).hasBinaryContent(before);
  }

  @Test
  void aFailedExportLeavesNothingBehind() throws IOException {
    export();
    byte[] before = Files.readAllBytes(folder.resolve("model.onnx"));

    assertThatThrownBy(
            () ->
                ExportFolder.of(folder)
                    .replace(
                        writing -> {
                          Files.writeString(writing.resolve("model.onnx"), "half");
                          throw new IOException("disk full");
                        }))
        .hasMessage("disk full");

    assertThat(children(parent)).containsExactly(folder);
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(before);
  }

  @Test
  void aFileInThePlaceOfTheFolderIsLeftAsItIs() throws IOException {
    Files.writeString(folder, "mine");

    assertThatThrownBy(() -> OnnxExporter.export(CHECKPOINT, folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.toString());

    assertThat(folder).hasContent("mine");
  }

  @Test
  void equalCheckpointsGiveEqualFiles() throws IOException {
    Path other = parent.resolve("other");
    export();
    OnnxExporter.export(TestModels.random(1), other);

    for (Path file : children(folder)) {
      assertThat(other.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void everyKindOfModelIsAccepted() throws IOException {
    for (PositionEncoding positions : PositionEncoding.values()) {
      for (ReadPosition read :
          List.of(ReadPosition.firstPad(), ReadPosition.lastToken(), ReadPosition.column(3))) {
        for (boolean injection : new boolean[] {false, true}) {
          Checkpoint checkpoint =
              TestModels.random(
                  TestModels.small()
                      .positions(positions)
                      .readPosition(read)
                      .inputInjection(injection)
                      .build(),
                  4);
          OnnxExporter.export(checkpoint, folder);
          try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
            assertThat(reasoner.model()).isEqualTo(checkpoint.model());
            assertThat(reasoner.trajectory(TestModels.queries(3, 3, 5), 2).rows()).isEqualTo(3);
          }
        }
      }
    }
  }

  /** Returns the adaptive model, then that of trajectories. */
  private List<ModelProto> export() throws IOException {
    OnnxExporter.export(CHECKPOINT, folder);
    return List.of(
        ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx"))),
        ModelProto.parseFrom(Files.readAllBytes(folder.resolve("trajectory.onnx"))));
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
