package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported folders as download caches, mounted volumes and version control for data keep them. */
final class LinkedExportTest {
  private final Path parent;
  private final Path export;
  private final float[] logits;

  LinkedExportTest(@TempDir Path parent) throws IOException {
    this.parent = parent;
    export = parent.resolve("export");
    OnnxExporter.export(TestModels.random(1), export);
    logits = logits(export);
  }

  @Test
  void everyFileIsALinkToABlobOfAnotherName() throws IOException {
    Path blobs = Files.createDirectory(parent.resolve("blobs"));
    Path snapshot = Files.createDirectories(parent.resolve("snapshots").resolve("5f0c"));
    int blob = 0;
    for (Path file : files()) {
      Path moved = Files.copy(file, blobs.resolve("0123" + blob++));
      Files.createSymbolicLink(
          snapshot.resolve(file.getFileName()), Path.of("../../blobs", "" + moved.getFileName()));
    }

    assertThat(logits(snapshot)).isEqualTo(logits);
  }

  @Test
  void everyFileIsALinkToAFolderOfItsOwn() throws IOException {
    Path linked = Files.createDirectory(parent.resolve("linked"));
    int number = 0;
    for (Path file : files()) {
      Path cached = Files.createDirectories(parent.resolve("cache").resolve("a" + number++));
      Files.copy(file, cached.resolve("0123"));
      Files.createSymbolicLink(linked.resolve(file.getFileName()), cached.resolve("0123"));
    }

    assertThat(logits(linked)).isEqualTo(logits);
  }

  @Test
  void everyFileIsALinkThroughALinkedFolder() throws IOException {
    Path volume = Files.createDirectory(parent.resolve("volume"));
    Path version = Files.createDirectory(volume.resolve("..2026_01_01"));
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("..2026_01_01"));
    for (Path file : files()) {
      Files.copy(file, version.resolve(file.getFileName()));
      Files.createSymbolicLink(
          volume.resolve(file.getFileName()), Path.of("..data", "" + file.getFileName()));
    }

    assertThat(logits(volume)).isEqualTo(logits);
  }

  @Test
  void onlyTheWeightsAreALink() throws IOException {
    Path weights = export.resolve("model.data");
    Path elsewhere = Files.createDirectory(parent.resolve("large disk")).resolve("Gewichte für 1");
    Files.move(weights, elsewhere);
    Files.createSymbolicLink(weights, elsewhere);

    assertThat(logits(export)).isEqualTo(logits);
  }

  @Test
  void theWeightsAreALinkToAFileBesideThem() throws IOException {
    Path weights = export.resolve("model.data");
    Files.move(weights, export.resolve("model.data.1"));
    Files.createSymbolicLink(weights, Path.of("model.data.1"));

    assertThat(logits(export)).isEqualTo(logits);
  }

  @Test
  void theFolderIsALink() throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("current"), Path.of("export"));

    assertThat(logits(link)).isEqualTo(logits);

    OnnxExporter.export(TestModels.random(2), link);

    assertThat(link).isSymbolicLink();
    assertThat(logits(link)).isNotEqualTo(logits).isEqualTo(logits(export));
  }

  @Test
  void anExportKilledBetweenItsRenamesIsRead() throws IOException {
    Files.move(export, parent.resolve(".export.previous"));
    OnnxExporter.export(TestModels.random(2), parent.resolve("other"));
    Files.move(parent.resolve("other"), parent.resolve(".export.writing"));

    assertThat(logits(export)).isEqualTo(logits);
  }

  @Test
  void anExportKilledWhileItsFilesMoveIsRead() throws IOException {
    Path moving = Files.createDirectory(export.resolve(".recurrent-moving"));
    Files.move(export.resolve("model.data"), moving.resolve("model.data"));
    Files.move(export.resolve("trajectory.onnx"), moving.resolve("trajectory.onnx"));

    assertThat(logits(export)).isEqualTo(logits);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(export)) {
      return files.toList();
    }
  }

  private static float[] logits(Path folder) throws IOException {
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      return reasoner.trajectory(TestModels.queries(1, 2, 3), 2).logits(2, 0);
    }
  }
}
