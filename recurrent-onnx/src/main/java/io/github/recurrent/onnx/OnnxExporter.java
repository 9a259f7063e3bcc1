package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.LibraryVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes checkpoints as ONNX files, which run in any ONNX runtime and language.
 *
 * <p>An exported folder holds four files, and each of the graphs describes itself in its metadata
 * properties (specification, vocabulary, provenance and library version):
 *
 * <ul>
 *   <li>{@code model.onnx} answers: from {@code input_ids [batch, length]} (64-bit integers; rows
 *       padded on the right with 0, as the model's read position needs it) and the scalars {@code
 *       max_iterations} and {@code min_iterations} (64-bit integers, at least 1), {@code
 *       kl_threshold} and {@code entropy_threshold} (32-bit floats, nats) it computes {@code logits
 *       [batch, vocabulary]} at the halting iteration and {@code iterations [batch]}. Thresholds of
 *       −∞ never fire: every row then runs {@code max_iterations}. A row that has halted costs
 *       nothing more.
 *   <li>{@code trajectory.onnx} runs every row for all iterations: from {@code input_ids} and the
 *       scalar {@code iterations} (64-bit integer) it computes {@code logits [iterations, batch,
 *       vocabulary]}.
 *   <li>{@code step.onnx} is some {@code iterations}, for {@link OnnxReasoner} and {@link
 *       ContinuousBatcher}: states {@code hidden [carried, width]}, of which {@code keep} are kept,
 *       new tokens behind them, and {@code logits [read, vocabulary]} at the tokens {@code read}.
 *   <li>{@code model.data} holds the weights of all.
 * </ul>
 */
public final class OnnxExporter {
  private static final int OPERATOR_SET = 17;
  private static final int IR_VERSION = 8;

  private OnnxExporter() {}

  /**
   * Exports the model of a checkpoint as it is; its training state is left out.
   *
   * @throws IllegalArgumentException if a weight is NaN or infinite
   * @throws IOException as {@link #export(Checkpoint, Path, ExportOptions)} does
   */
  public static void export(Checkpoint checkpoint, Path folder) throws IOException {
    export(checkpoint, folder, ExportOptions.builder().build());
  }

  /**
   * Exports the model of a checkpoint; its training state is left out.
   *
   * <p>The files are written aside and take their place together when they are complete; an export
   * that was there is replaced as a whole, and a failed one leaves nothing behind. Interrupted at
   * any moment, the old or the new export can be loaded by this library. Other files in the folder
   * are kept. The folder may be a mount point, or a symbolic link, which stays one.
   *
   * @throws IllegalArgumentException if a weight is NaN or infinite
   * @throws java.nio.file.DirectoryNotEmptyException if the folder holds other files, and some but
   *     not all files of an export, which may then be those of something else
   * @throws IOException if it cannot be written; the export that was there stays then
   */
  public static void export(Checkpoint checkpoint, Path folder, ExportOptions options)
      throws IOException {
    checkpoint.parameters().requireFinite();
    ExportFolder.of(folder).replace(writing -> write(checkpoint, writing, options));
  }

  private static void write(Checkpoint checkpoint, Path folder, ExportOptions options)
      throws IOException {
    WeightFile weights =
        WeightFile.write(folder, checkpoint.model(), checkpoint.parameters(), options);
    ModelMetadata metadata =
        new ModelMetadata(
            checkpoint.model(),
            checkpoint.vocabulary(),
            checkpoint.provenance(),
            LibraryVersion.number(),
            weights.sha256());
    write(
        folder.resolve(ExportFolder.MODEL),
        metadata,
        AdaptiveGraph.of(checkpoint.model(), weights.tensors()));
    write(
        folder.resolve(ExportFolder.TRAJECTORY),
        metadata,
        TrajectoryGraph.of(checkpoint.model(), weights.tensors()));
    write(
        folder.resolve(ExportFolder.STEP),
        metadata,
        StepGraph.of(checkpoint.model(), weights.tensors()));
  }

  /** Writes a graph whose weights are in a file beside it. */
  static void write(Path file, ModelMetadata metadata, GraphProto graph) throws IOException {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName("recurrent")
            .setProducerVersion(metadata.libraryVersion())
            .setGraph(graph);
    ImmutableMap<String, String> properties = metadata.toProperties();
    properties.forEach((key, value) -> model.addMetadataPropsBuilder().setKey(key).setValue(value));
    try (OutputStream out = Files.newOutputStream(file)) {
      model.build().writeTo(out);
    }
  }
}
