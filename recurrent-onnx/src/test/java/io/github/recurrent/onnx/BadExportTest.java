package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of exported folders that are damaged. */
final class BadExportTest {
  private final Path folder;
  private final Path model;
  private final Path data;

  BadExportTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    model = folder.resolve("model.onnx");
    data = folder.resolve("model.data");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  @Test
  void aMissingFolder() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> OnnxReasoner.load(folder.resolve("nowhere")))
        .withMessageContaining("nowhere");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "trajectory.onnx", "step.onnx", "model.data"})
  void aMissingFile(String name) throws IOException {
    Files.delete(folder.resolve(name));

    assertRefused(folder.resolve(name)).withMessageContaining("missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "this is not protobuf", "{\"a\": 1}"})
  void aFileThatIsNoOnnx(String text) throws IOException {
    Files.writeString(model, text);

    assertRefused(model);
  }

  @Test
  void atAnyPlaceTruncatedGraphs() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    for (int length = 0; length < bytes.length; length += 97) {
      Files.write(model, Arrays.copyOf(bytes, length));

      assertRefused(model);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "trajectory.onnx", "step.onnx"})
  void atAnyPlaceDamagedGraphs(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    UniformRandomProvider random = RandomStream.of(Seed.of(7).child(name));
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = bytes.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        assertThat(ExportedModel.read(folder).metadata()).isNotNull();
      } catch (FileFormatException e) {
        assertThat(e).hasMessageStartingWith(folder.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(30);
  }

  @Test
  void truncatedWeights() throws IOException {
    byte[] bytes = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(bytes, bytes.length - 5000));

    assertRefused(data)
        .withMessageContaining("ends after " + (bytes.length - 5000) + " bytes")
        .withMessageContaining("ln_f");
  }

  @Test
  void alteredWeights() throws IOException {
    byte[] bytes = Files.readAllBytes(data);
    bytes[17] ^= 1;
    Files.write(data, bytes);

    assertRefused(data).withMessageContaining("SHA-256");
  }

  @Test
  void filesOfTwoExports() throws IOException {
    Path other = folder.resolveSibling("other");
    OnnxExporter.export(TestModels.random(2), other);
    Files.delete(folder.resolve("trajectory.onnx"));
    Files.copy(other.resolve("trajectory.onnx"), folder.resolve("trajectory.onnx"));

    assertRefused(folder.resolve("trajectory.onnx")).withMessageContaining("another export");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recurrent.format_version",
        "recurrent.library_version",
        "recurrent.model",
        "recurrent.vocabulary",
        "recurrent.data_sha256"
      })
  void missingMetadata(String key) throws IOException {
    change(key, value -> Optional.empty());

    assertRefused(model).withMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void metadataOfAnotherFormat(String version) throws IOException {
    change("recurrent.format_version", value -> Optional.of(version));

    assertRefused(model)
        .withMessageContaining("format_version is " + version)
        .withMessageContaining("only 2 is known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"width\":32}"})
  void aDamagedSpecification(String text) throws IOException {
    change("recurrent.model", value -> Optional.of(text));

    assertRefused(model).withMessageContaining("recurrent.model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[1]",
        "null",
        "[null]",
        "[\"<e_0>\"",
        "[\"<e_0>\"]",
        "[\"<pad>\",\"<e_0>\",\"<r_0>\"]"
      })
  void aDamagedVocabulary(String text) throws IOException {
    change("recurrent.vocabulary", value -> Optional.of(text));

    assertRefused(model).withMessageContaining("recurrent.vocabulary");
  }

  @Test
  void textBehindTheVocabulary() throws IOException {
    change("recurrent.vocabulary", value -> Optional.of(value + " []"));

    assertRefused(model).withMessageContaining("recurrent.vocabulary");
  }

  @Test
  void metadataThatIsThereTwice() throws IOException {
    change(
        folder.resolve("step.onnx"),
        file -> file.addMetadataProps(file.getMetadataProps(0).toBuilder().setValue("other")));

    assertRefused(folder.resolve("step.onnx")).withMessageContaining("twice");
  }

  @ParameterizedTest
  @CsvSource({"trajectory.onnx, recurrent.vocabulary", "step.onnx, recurrent.model"})
  void metadataThatIsMissingInOneFile(String name, String key) throws IOException {
    change(
        folder.resolve(name),
        file -> {
          List<StringStringEntryProto> kept =
              file.getMetadataPropsList().stream()
                  .filter(entry -> !entry.getKey().equals(key))
                  .toList();
          file.clearMetadataProps().addAllMetadataProps(kept);
        });

    assertRefused(folder.resolve(name)).withMessageContaining(key + " is missing");
  }

  @Test
  void whatOtherToolsAddToTheMetadata() throws IOException {
    change(
        folder.resolve("step.onnx"),
        file -> file.addMetadataPropsBuilder().setKey("tool.version").setValue("1"));

    OnnxReasoner.load(folder).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "trajectory.onnx", "step.onnx"})
  void otherInputsOrOutputs(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    GraphProto graph = ModelProto.parseFrom(bytes).getGraph();
    for (int input = 0; input < graph.getInputCount(); input++) {
      int number = input;
      assertEachRefused(
          file, bytes, graph.getInput(input).getName(), g -> g.getInputBuilder(number));
    }
    for (int output = 0; output < graph.getOutputCount(); output++) {
      int number = output;
      assertEachRefused(
          file, bytes, graph.getOutput(output).getName(), g -> g.getOutputBuilder(number));
    }
    for (Consumer<GraphProto.Builder> change :
        List.<Consumer<GraphProto.Builder>>of(
            g -> g.removeInput(0),
            g -> g.removeOutput(0),
            g -> g.addInput(g.getInput(0).toBuilder().setName("more")),
            g -> g.addOutput(g.getOutput(0).toBuilder().setName("more")),
            GraphProto.Builder::clear)) {
      Files.write(file, bytes);
      change(file, model -> change.accept(model.getGraphBuilder()));

      assertRefused(file).withMessageContaining("put");
    }
  }

  /** Changes name, type, rank and a size of an input or output, one after another. */
  private void assertEachRefused(
      Path file,
      byte[] bytes,
      String name,
      Function<GraphProto.Builder, ValueInfoProto.Builder> which)
      throws IOException {
    for (Consumer<ValueInfoProto.Builder> change :
        List.<Consumer<ValueInfoProto.Builder>>of(
            tensor -> tensor.setName("renamed"),
            tensor -> tensor.getTypeBuilder().getTensorTypeBuilder().setElemType(6),
            tensor -> tensor.getTypeBuilder().clearValue(),
            tensor -> tensor.getTypeBuilder().getTensorTypeBuilder().clearShape(),
            tensor ->
                tensor
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .addDimBuilder()
                    .setDimParam("more"),
            tensor -> {
              TypeProto.Tensor.Builder type = tensor.getTypeBuilder().getTensorTypeBuilder();
              if (type.getShape().getDimCount() > 0) {
                type.getShapeBuilder().getDimBuilder(0).setDimValue(777);
              } else {
                type.setElemType(9);
              }
            })) {
      Files.write(file, bytes);
      change(file, model -> change.accept(which.apply(model.getGraphBuilder())));

      assertRefused(file).withMessageContaining(name);
    }
  }

  @Test
  void bytesThatAreChangedAnywhere() throws IOException {
    Random random = new Random(5);
    for (String name : List.of("model.onnx", "step.onnx")) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      for (int time = 0; time < 100; time++) {
        byte[] changed = bytes.clone();
        // Most of a file is the graph, which the runtime checks; what follows is the metadata.
        int from = time % 2 == 0 ? 0 : bytes.length - 1500;
        for (int place = 0; place < 1 + random.nextInt(3); place++) {
          changed[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
        }
        Files.write(folder.resolve(name), changed);
        try {
          ExportedModel unused = ExportedModel.read(folder);
        } catch (FileFormatException e) {
          assertThat(e).hasMessageContaining(folder.toString());
        }
      }
      Files.write(folder.resolve(name), bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "trajectory.onnx", "step.onnx", "model.data"})
  void anExportWhoseReplacementInPlaceWasInterrupted(String notMovedYet) throws IOException {
    Path moving = Files.createDirectory(folder.resolve(".recurrent-moving"));
    Files.move(folder.resolve(notMovedYet), moving.resolve(notMovedYet));

    try (OnnxReasoner reasoner = OnnxReasoner.load(folder);
        ContinuousBatcher batcher = ContinuousBatcher.of(reasoner)) {
      assertThat(reasoner.trajectory(TestModels.queries(1, 2, 3), 2).iterations()).isEqualTo(2);
      assertThat(batcher.vocabulary()).isEqualTo(reasoner.vocabulary());
    }
    OnnxExporter.export(TestModels.random(2), folder);
    OnnxReasoner.load(folder).close();
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("model.onnx", "trajectory.onnx", "step.onnx", "model.data");
    assertThat(folder.resolveSibling(".onnx.previous")).doesNotExist();
  }

  @Test
  void aFolderThatIsReplacedAfterLoadingIsNotLookedAtAgain() throws IOException {
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      float[] before = reasoner.trajectory(TestModels.queries(1, 2, 3), 2).logits(2, 0);

      OnnxExporter.export(TestModels.random(2), folder);

      assertThat(reasoner.trajectory(TestModels.queries(1, 2, 3), 2).logits(2, 0))
          .isEqualTo(before);
      assertThat(reasoner.provenance()).containsEntry("seed", "1");
    }
  }

  private ThrowableAssertAlternative<FileFormatException> assertRefused(Path file) {
    return assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> OnnxReasoner.load(folder))
        .withMessageStartingWith(file.toString());
  }

  private static void change(Path file, Consumer<ModelProto.Builder> change) throws IOException {
    ModelProto.Builder builder = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(builder);
    Files.write(file, builder.build().toByteArray());
  }

  private void change(String key, Function<String, Optional<String>> change) throws IOException {
    ModelProto before = ModelProto.parseFrom(Files.readAllBytes(model));
    ModelProto.Builder after = before.toBuilder().clearMetadataProps();
    for (StringStringEntryProto entry : before.getMetadataPropsList()) {
      (entry.getKey().equals(key) ? change.apply(entry.getValue()) : Optional.of(entry.getValue()))
          .ifPresent(value -> after.addMetadataProps(entry.toBuilder().setValue(value)));
    }
    Files.write(model, after.build().toByteArray());
  }
}
