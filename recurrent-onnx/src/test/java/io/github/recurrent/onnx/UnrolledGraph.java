package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.ElementType;
import io.github.recurrent.onnx.internal.graph.GraphBuilder;
import io.github.recurrent.onnx.internal.graph.LoopedStack;
import io.github.recurrent.onnx.internal.graph.Tensor;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What exporting a recurrent-depth transformer without a loop gives, to compare with: a plain graph
 * of R copies of the blocks over the same weights, read once after the last. It computes {@code
 * logits [batch, vocabulary]} from {@code input_ids [batch, length]}, and never halts.
 */
public final class UnrolledGraph {
  static final String IDS = "input_ids";
  static final String LOGITS = "logits";

  private UnrolledGraph() {}

  /**
   * Writes graphs into a folder, beside one file of weights for all.
   *
   * @param iterations R of each graph
   * @throws IOException if the folder cannot be written
   */
  public static void write(Checkpoint checkpoint, Path folder, List<Integer> iterations)
      throws IOException {
    Files.createDirectories(folder);
    WeightFile weights =
        WeightFile.write(
            folder, checkpoint.model(), checkpoint.parameters(), ExportOptions.builder().build());
    for (int count : iterations) {
      ModelProto model =
          ModelProto.newBuilder()
              .setIrVersion(8)
              .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
              .setGraph(graph(checkpoint.model(), weights.tensors(), count))
              .build();
      try (OutputStream out = Files.newOutputStream(file(folder, count))) {
        model.writeTo(out);
      }
    }
  }

  /** Returns the file of the graph of so many iterations. */
  public static Path file(Path folder, int iterations) {
    return folder.resolve("unrolled-" + iterations + ".onnx");
  }

  private static GraphProto graph(
      RecurrentDepthTransformer model, ImmutableMap<String, TensorProto> weights, int iterations) {
    GraphBuilder graph = GraphBuilder.of("unrolled");
    Tensor ids = graph.input(IDS, ElementType.INT64, "batch", "length");
    LoopedStack stack = new LoopedStack(model, weights, graph, ids);
    Tensor embedded = stack.embed();
    Tensor mask = stack.mask();
    Tensor hidden = stack.iterate(graph, embedded, mask);
    for (int iteration = 2; iteration <= iterations; iteration++) {
      Tensor begin = model.inputInjection() ? graph.apply("Add", hidden, embedded) : hidden;
      hidden = stack.iterate(graph, begin, mask);
    }
    graph.output(
        graph.node("Identity").as(LOGITS, stack.read(graph, hidden, stack.readIndices())),
        ElementType.FLOAT,
        "batch",
        model.vocabularySize());
    return graph.build();
  }
}
