package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.onnx.internal.graph.AdaptiveGraph;
import io.github.recurrent.onnx.internal.graph.StepGraph;
import io.github.recurrent.onnx.internal.graph.TrajectoryGraph;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes checkpoints as ONNX files, which run in any ONNX runtime and language.
 *
 * <p>An exported folder holds four files, and each of the graphs describes itself in its metadata
 * properties (specification, vocabulary, provenance and library version) and its documentation
 * string (what inputs must be):
 *
 * <ul>
 *   <li>{@code model.onnx} answers: from {@code input_ids [batch, length]} (64-bit integers) and
 *       the scalars {@code max_iterations} and {@code min_iterations} (64-bit integers), {@code
 *       kl_threshold} and {@code entropy_threshold} (32-bit floats, nats) it computes {@code logits
 *       [batch, vocabulary]} at the halting iteration and {@code iterations [batch]}. Thresholds of
 *       −∞ never fire: every row then runs {@code max_iterations}. A row that has halted costs
 *       nothing more.
 *       <p>A row of {@code input_ids} holds at least 2 ids, those of a head and its relations, each
 *       from 1 to the size of the vocabulary less 1, and then zeros, or none: the graph adds those
 *       that it reads at. Any other row (an id outside of the vocabulary, a zero before an id,
 *       fewer or more ids than the model takes) fails the run with an error that names a node
 *       {@code input_ids_must_be_rows_of_…}. {@code max_iterations} below 1 counts as 1, {@code
 *       min_iterations} above {@code max_iterations} as {@code max_iterations}, and a threshold
 *       that is NaN as −∞.
 *   <li>{@code trajectory.onnx} runs every row for all iterations: from the same {@code input_ids}
 *       and the scalar {@code iterations} (64-bit integer, below 1 counts as 1) it computes {@code
 *       logits [iterations, batch, vocabulary]}.
 *   <li>{@code step.onnx} is some {@code iterations}, for {@link OnnxReasoner} and {@link
 *       ContinuousBatcher}: states {@code hidden [carried, width]}, of which {@code keep} are kept,
 *       new tokens behind them, and {@code logits [read, vocabulary]} at the tokens {@code read}.
 *       It checks no input.
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
            .setDocString(graph.getDocString())
            .setGraph(graph);
    ImmutableMap<String, String> properties = metadata.toProperties();
    properties.forEach((key, value) -> model.addMetadataPropsBuilder().setKey(key).setValue(value));
    try (OutputStream out = Files.newOutputStream(file)) {
      model.build().writeTo(out);
    }
  }
}
