package io.github.recurrent.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.AdaptiveGraph;
import io.github.recurrent.onnx.internal.graph.StepGraph;
import io.github.recurrent.onnx.internal.graph.TrajectoryGraph;
import io.github.recurrent.onnx.internal.graph.WeightFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The inputs and outputs of the graphs of an export: what runs of them rely on. */
final class GraphInterface {
  private static final ImmutableMap<
          String,
          BiFunction<RecurrentDepthTransformer, ImmutableMap<String, TensorProto>, GraphProto>>
      GRAPHS =
          ImmutableMap.of(
              ExportFolder.MODEL, AdaptiveGraph::of,
              ExportFolder.TRAJECTORY, TrajectoryGraph::of,
              ExportFolder.STEP, StepGraph::of);

  private GraphInterface() {}

  /**
   * Checks the graph of a file of an export.
   *
   * @param name that of the file in its folder
   * @throws FileFormatException if it has other inputs or outputs than a graph of this model
   */
  static void require(Path file, String name, GraphProto graph, RecurrentDepthTransformer model)
      throws FileFormatException {
    GraphProto expected = expected(name, model);
    List<String> weights = graph.getInitializerList().stream().map(TensorProto::getName).toList();
    require(
        file,
        "input",
        expected.getInputList(),
        graph.getInputList().stream().filter(input -> !weights.contains(input.getName())).toList());
    require(file, "output", expected.getOutputList(), graph.getOutputList());
  }

  /** Builds the graph with a single layer, as more of them change neither inputs nor outputs. */
  private static GraphProto expected(String name, RecurrentDepthTransformer model) {
    RecurrentDepthTransformer shallow =
        RecurrentDepthTransformer.builder().from(model).layers(1).build();
    ImmutableMap<String, TensorProto> weights =
        Stream.concat(shallow.parameterShapes().keySet().stream(), Stream.of(WeightFile.SINUSOIDS))
            .collect(
                ImmutableMap.toImmutableMap(
                    weight -> weight, weight -> TensorProto.newBuilder().setName(weight).build()));
    return Objects.requireNonNull(GRAPHS.get(name)).apply(shallow, weights);
  }

  private static void require(
      Path file, String what, List<ValueInfoProto> expected, List<ValueInfoProto> actual)
      throws FileFormatException {
    Map<String, ValueInfoProto> byName = new LinkedHashMap<>();
    actual.forEach(tensor -> byName.put(tensor.getName(), tensor));
    for (ValueInfoProto tensor : expected) {
      ValueInfoProto found = byName.remove(tensor.getName());
      if (found == null) {
        throw new FileFormatException(
            file, "it lacks the " + what + " " + tensor.getName() + "; it has " + names(actual));
      }
      if (!fits(found.getType(), tensor.getType())) {
        throw new FileFormatException(
            file,
            "its "
                + what
                + " "
                + tensor.getName()
                + " is "
                + text(found.getType())
                + ", but must be "
                + text(tensor.getType()));
      }
    }
    if (!byName.isEmpty()) {
      throw new FileFormatException(
          file,
          "it has the "
              + what
              + " "
              + byName.keySet().iterator().next()
              + ", which the library does not know; it knows "
              + names(expected));
    }
  }

  private static boolean fits(TypeProto found, TypeProto expected) {
    TypeProto.Tensor tensor = found.getTensorType();
    TypeProto.Tensor model = expected.getTensorType();
    if (!found.hasTensorType()
        || tensor.getElemType() != model.getElemType()
        || !tensor.hasShape()
        || tensor.getShape().getDimCount() != model.getShape().getDimCount()) {
      return false;
    }
    for (int dimension = 0; dimension < model.getShape().getDimCount(); dimension++) {
      TensorShapeProto.Dimension size = tensor.getShape().getDim(dimension);
      if (size.hasDimValue() && !size.equals(model.getShape().getDim(dimension))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(List<ValueInfoProto> tensors) {
    return tensors.stream().map(ValueInfoProto::getName).toList();
  }

  private static String text(TypeProto type) {
    if (!type.hasTensorType()) {
      return "not a tensor";
    }
    TypeProto.Tensor tensor = type.getTensorType();
    TensorProto.DataType element = TensorProto.DataType.forNumber(tensor.getElemType());
    return (element == null ? "type " + tensor.getElemType() : element)
        + (tensor.hasShape()
            ? tensor.getShape().getDimList().stream()
                .map(size -> size.hasDimValue() ? "" + size.getDimValue() : size.getDimParam())
                .collect(Collectors.joining(", ", " [", "]"))
            : " of unknown shape");
  }
}
