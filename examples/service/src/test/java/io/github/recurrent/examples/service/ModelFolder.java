package io.github.recurrent.examples.service;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.recurrent.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** A folder of models, which tests fill and change. */
final class ModelFolder {
  private final Path folder;

  ModelFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  Path version(String model, String version) {
    return folder.resolve(model).resolve(version);
  }

  /** Puts a model there, whole at once. */
  ModelFolder add(String model, String version) throws IOException {
    Path aside = Files.createTempDirectory(folder.getParent(), "export");
    OnnxExporter.export(Service.CIRCUIT.checkpoint(), aside.resolve("onnx"));
    Files.createDirectories(folder.resolve(model));
    Files.move(aside.resolve("onnx"), version(model, version), StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  /** Puts a model there of which a file is cut short. */
  ModelFolder addDamaged(String model, String version) throws IOException {
    Path aside = Files.createTempDirectory(folder.getParent(), "export");
    OnnxExporter.export(Service.CIRCUIT.checkpoint(), aside.resolve("onnx"));
    Path data = aside.resolve("onnx/model.data");
    byte[] bytes = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(bytes, bytes.length / 2));
    Files.createDirectories(folder.resolve(model));
    Files.move(aside.resolve("onnx"), version(model, version), StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  /** Writes a model over what is there. */
  void overwrite(String model, String version) throws IOException {
    OnnxExporter.export(Service.CIRCUIT.checkpoint(), version(model, version));
  }

  void remove(String model, String version) throws IOException {
    MoreFiles.deleteRecursively(version(model, version), RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
