package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
  @ValueSource(strings = {"", "this is no protobuf", "{\"a\": 1}"})
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
    UniformRandomProvider random = Seed.of(7).child(name).random();
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] damaged = bytes.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        assertThat(ExportedModel.read(folder).metadata()).isNotNull();
      } catch (OnnxFormatException e) {
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
  @ValueSource(strings = {"", "{", "[]", "{\"width\":32}"})
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
  void aFolderThatIsReplacedAfterLoadingIsNotLookedAtAgain() throws IOException {
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      float[] before = reasoner.trajectory(TestModels.queries(1, 2, 3), 2).logits(2, 0);

      OnnxExporter.export(TestModels.random(2), folder);

      assertThat(reasoner.trajectory(TestModels.queries(1, 2, 3), 2).logits(2, 0))
          .isEqualTo(before);
      assertThat(reasoner.provenance()).containsEntry("seed", "1");
    }
  }

  private ThrowableAssertAlternative<OnnxFormatException> assertRefused(Path file) {
    return assertThatExceptionOfType(OnnxFormatException.class)
        .isThrownBy(() -> OnnxReasoner.load(folder))
        .withMessageStartingWith(file.toString());
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
