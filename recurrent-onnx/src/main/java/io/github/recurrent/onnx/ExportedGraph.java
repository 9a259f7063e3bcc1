package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A graph and the file of its weights, either of which may be a symbolic link, or in another folder
 * than the other.
 */
record ExportedGraph(Path file, Path weights) {
  private static final String LOCATION = "location";
  private static final String WEIGHTS_FOLDER =
      "session.model_external_initializers_file_folder_path";

  /**
   * Opens the graph where links lead: the runtime refuses weights that a link leads to out of the
   * graph's folder, and looks for them under the name that the graph has for them.
   */
  OrtSession open(OrtEnvironment environment, SessionOptions options)
      throws IOException, OrtException {
    Path graph = file.toRealPath();
    Path data = weights.toRealPath();
    if (data.equals(graph.resolveSibling(WeightFile.NAME))) {
      return environment.createSession(graph.toString(), options);
    }
    options.addConfigEntry(WEIGHTS_FOLDER, String.valueOf(data.getParent()));
    return environment.createSession(
        locatedAt(String.valueOf(data.getFileName()), Files.readAllBytes(graph)), options);
  }

  /** Returns a graph that looks for its weights under another name. */
  private static byte[] locatedAt(String name, byte[] bytes) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      for (StringStringEntryProto.Builder place : tensor.getExternalDataBuilderList()) {
        if (place.getKey().equals(LOCATION)) {
          place.setValue(name);
        }
      }
    }
    return model.build().toByteArray();
  }
}
