package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableSet;
import io.github.recurrent.internal.folder.CompleteFolder;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.nio.file.Path;

/** The files of an exported model. */
final class ExportFolder {
  static final String MODEL = "model.onnx";
  static final String TRAJECTORY = "trajectory.onnx";
  static final String STEP = "step.onnx";

  private static final ImmutableSet<String> FILES =
      ImmutableSet.of(MODEL, TRAJECTORY, STEP, WeightFile.NAME);

  private ExportFolder() {}

  /**
   * Names the folder of an export.
   *
   * @throws IllegalArgumentException if the path is a root
   */
  static CompleteFolder of(Path folder) {
    return CompleteFolder.of(folder, "an export", FILES, ImmutableSet.of());
  }
}
