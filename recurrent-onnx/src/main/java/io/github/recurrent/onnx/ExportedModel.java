package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.folder.FolderState;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An exported folder whose files have been checked: complete, of one export, and known to this
 * version.
 */
record ExportedModel(FolderState files, ModelMetadata metadata) {
  Path model() {
    return files.file(ExportFolder.MODEL);
  }

  Path trajectory() {
    return files.file(ExportFolder.TRAJECTORY);
  }

  ExportedGraph step() {
    return new ExportedGraph(files.file(ExportFolder.STEP), files.file(WeightFile.NAME));
  }

  /** Checks a folder, so that a runtime need not be asked what is wrong with it. */
  static ExportedModel read(Path folder) throws IOException {
    return ExportFolder.of(folder).read(ExportedModel::read);
  }

  private static ExportedModel read(FolderState files) throws IOException {
    Path model = files.file(ExportFolder.MODEL);
    ModelProto proto = parse(model);
    ImmutableMap<String, String> properties = properties(model, proto);
    ModelMetadata metadata = ModelMetadata.parse(model, properties);
    check(files, ExportFolder.MODEL, proto, metadata);
    for (String other : List.of(ExportFolder.TRAJECTORY, ExportFolder.STEP)) {
      Path file = files.file(other);
      ModelProto beside = parse(file);
      requireSame(file, properties(file, beside), properties);
      check(files, other, beside, metadata);
    }
    Path data = files.file(WeightFile.NAME);
    String hash = MoreFiles.asByteSource(data).hash(Hashing.sha256()).toString();
    if (!hash.equals(metadata.dataHash())) {
      throw new FileFormatException(
          data,
          "its SHA-256 is " + hash + ", but " + ExportFolder.MODEL + " has " + metadata.dataHash());
    }
    return new ExportedModel(files, metadata);
  }

  /** Returns what a file says of itself, of which other tools may have added to. */
  private static ImmutableMap<String, String> properties(Path file, ModelProto proto)
      throws FileFormatException {
    Map<String, String> properties = new HashMap<>();
    for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
      if (properties.put(entry.getKey(), entry.getValue()) != null) {
        throw new FileFormatException(file, "its metadata has " + entry.getKey() + " twice");
      }
    }
    return ImmutableMap.copyOf(properties);
  }

  /** Equal texts mean equal metadata, so that the vocabulary is parsed once. */
  private static void requireSame(
      Path file, Map<String, String> properties, Map<String, String> expected)
      throws FileFormatException {
    SortedSet<String> keys = new TreeSet<>(properties.keySet());
    keys.addAll(expected.keySet());
    for (String key : keys) {
      if (ModelMetadata.isOwn(key) && !Objects.equals(properties.get(key), expected.get(key))) {
        throw new FileFormatException(
            file,
            "is of another export than "
                + ExportFolder.MODEL
                + " beside it: "
                + key
                + (properties.containsKey(key) ? " differs" : " is missing"));
      }
    }
  }

  private static void check(
      FolderState files, String name, ModelProto proto, ModelMetadata metadata) throws IOException {
    Path file = files.file(name);
    Path data = files.file(WeightFile.NAME);
    GraphInterface.require(file, name, proto.getGraph(), metadata.model());
    if (!Files.isRegularFile(data)) {
      throw new FileFormatException(data, "is missing; it holds the weights of " + file);
    }
    long size = Files.size(data);
    for (TensorProto tensor : proto.getGraph().getInitializerList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        requireWithin(file, tensor, data, size);
      }
    }
  }

  private static ModelProto parse(Path file) throws IOException {
    try {
      return ModelProto.parseFrom(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new FileFormatException(file, "is missing", e);
    } catch (InvalidProtocolBufferException e) {
      throw new FileFormatException(file, "is not a valid ONNX file: " + e.getMessage(), e);
    }
  }

  private static void requireWithin(Path file, TensorProto tensor, Path data, long size)
      throws FileFormatException {
    Map<String, String> place = new HashMap<>();
    tensor.getExternalDataList().forEach(entry -> place.put(entry.getKey(), entry.getValue()));
    long end;
    try {
      end =
          Math.addExact(
              Long.parseLong(place.getOrDefault("offset", "0")),
              Long.parseLong(place.getOrDefault("length", "")));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new FileFormatException(
          file, tensor.getName() + " has no place in " + WeightFile.NAME + ": " + place, e);
    }
    if (end > size) {
      throw new FileFormatException(
          data,
          "ends after "
              + size
              + " bytes, but "
              + tensor.getName()
              + " of "
              + file.getFileName()
              + " ends at "
              + end);
    }
  }
}
