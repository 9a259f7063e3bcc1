package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Builds a graph, or the body of a loop within one.
 *
 * <p>A body sees the tensors of the graphs around it. Constants always become initializers of the
 * outermost graph, so that a body that runs many times makes none anew.
 */
public final class GraphBuilder {
  private final GraphProto.Builder graph;
  private final GraphProto.Builder outermost;
  private final Set<String> names;
  private final Map<String, Tensor> constants;

  private GraphBuilder(
      GraphProto.Builder graph,
      GraphProto.Builder outermost,
      Set<String> names,
      Map<String, Tensor> constants) {
    this.graph = graph;
    this.outermost = outermost;
    this.names = names;
    this.constants = constants;
  }

  public static GraphBuilder of(String name) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    return new GraphBuilder(graph, graph, new HashSet<>(), new HashMap<>());
  }

  /** Begins a graph within this one. */
  public GraphBuilder within(String name) {
    return new GraphBuilder(GraphProto.newBuilder().setName(name), outermost, names, constants);
  }

  /** Says what the graph does, in the file. */
  public void describe(String text) {
    graph.setDocString(text);
  }

  /**
   * Adds an input.
   *
   * @param sizes a number, or a name for a size that only a run knows
   */
  public Tensor input(String name, ElementType type, Object... sizes) {
    Tensor input = named(name);
    graph.addInput(info(input, type, sizes));
    return input;
  }

  /** Makes a tensor an output, under its own name. */
  public void output(Tensor tensor, ElementType type, Object... sizes) {
    graph.addOutput(info(tensor, type, sizes));
  }

  /** Makes a tensor an output whose shape is for the runtime to infer. */
  public void outputOfAnyShape(Tensor tensor, ElementType type) {
    ValueInfoProto.Builder info = info(tensor, type).toBuilder();
    info.getTypeBuilder().getTensorTypeBuilder().clearShape();
    graph.addOutput(info);
  }

  /** Adds a tensor whose values are in another file. */
  public Tensor initializer(TensorProto message) {
    Tensor tensor = named(message.getName());
    outermost.addInitializer(message);
    return tensor;
  }

  public Tensor constant(long value) {
    return constant(ElementType.INT64, "" + value, tensor -> tensor.addInt64Data(value));
  }

  public Tensor constants(long... values) {
    return constant(
        ElementType.INT64,
        Arrays.toString(values),
        tensor -> tensor.addDims(values.length).addAllInt64Data(Longs.asList(values)));
  }

  public Tensor constant(float value) {
    return constant(ElementType.FLOAT, "" + value, tensor -> tensor.addFloatData(value));
  }

  public Tensor constants(float... values) {
    return constant(
        ElementType.FLOAT,
        Arrays.toString(values),
        tensor -> tensor.addDims(values.length).addAllFloatData(Floats.asList(values)));
  }

  public Tensor constant(boolean value) {
    return constant(ElementType.BOOL, "" + value, tensor -> tensor.addInt32Data(value ? 1 : 0));
  }

  /** Returns a constant unsigned byte. */
  public Tensor constantByte(int value) {
    return constant(ElementType.UINT8, "" + value, tensor -> tensor.addInt32Data(value));
  }

  private Tensor constant(ElementType type, String text, Consumer<TensorProto.Builder> values) {
    return constants.computeIfAbsent(
        type + " " + text,
        key -> {
          TensorProto.Builder message =
              TensorProto.newBuilder().setName(fresh("constant").name()).setDataType(type.number());
          values.accept(message);
          outermost.addInitializer(message);
          return new Tensor(message.getName());
        });
  }

  /** Returns zeros of a shape that only a run knows. */
  public Tensor zeros(ElementType type, Tensor shape) {
    TensorProto.Builder zero =
        TensorProto.newBuilder().setName("zero").setDataType(type.number()).addDims(1);
    switch (type) {
      case FLOAT -> zero.addFloatData(0);
      case DOUBLE -> zero.addDoubleData(0);
      case INT64 -> zero.addInt64Data(0);
      case BOOL, UINT8 -> zero.addInt32Data(0);
    }
    return node("ConstantOfShape", Attribute.of("value", zero.build())).of(shape);
  }

  public Tensor cast(Tensor tensor, ElementType type) {
    return node("Cast", Attribute.of("to", type.number())).of(tensor);
  }

  /** Applies an operator without attributes. */
  public Tensor apply(String operator, Tensor... inputs) {
    return node(operator).of(inputs);
  }

  /** Begins a node with attributes. */
  public Node node(String operator, Attribute... attributes) {
    return new Node(operator, ImmutableList.copyOf(attributes));
  }

  public GraphProto build() {
    return graph.build();
  }

  private static ValueInfoProto info(Tensor tensor, ElementType type, Object... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object size : sizes) {
      if (size instanceof Number number) {
        shape.addDimBuilder().setDimValue(number.longValue());
      } else {
        shape.addDimBuilder().setDimParam(size.toString());
      }
    }
    TypeProto.Tensor tensorType =
        TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape).build();
    return ValueInfoProto.newBuilder()
        .setName(tensor.name())
        .setType(TypeProto.newBuilder().setTensorType(tensorType))
        .build();
  }

  private Tensor named(String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("there is a tensor " + name + " already");
    }
    return new Tensor(name);
  }

  private Tensor fresh(String stem) {
    int number = 1;
    while (!names.add(stem + "_" + number)) {
      number++;
    }
    return new Tensor(stem + "_" + number);
  }

  /** A node that still needs its inputs. */
  public final class Node {
    private final String operator;
    private final ImmutableList<Attribute> attributes;

    private Node(String operator, ImmutableList<Attribute> attributes) {
      this.operator = operator;
      this.attributes = attributes;
    }

    /** Returns its only result. */
    Tensor of(Tensor... inputs) {
      Tensor result = fresh(operator);
      add(List.of(result), inputs);
      return result;
    }

    /** Returns its only result, under a name of its own. */
    public Tensor as(String name, Tensor... inputs) {
      Tensor result = named(name);
      add(List.of(result), inputs);
      return result;
    }

    /** Returns its results. */
    ImmutableList<Tensor> results(int count, Tensor... inputs) {
      ImmutableList.Builder<Tensor> results = ImmutableList.builder();
      for (int i = 0; i < count; i++) {
        results.add(fresh(operator));
      }
      ImmutableList<Tensor> all = results.build();
      add(all, inputs);
      return all;
    }

    private void add(List<Tensor> results, Tensor... inputs) {
      NodeProto.Builder node =
          NodeProto.newBuilder().setOpType(operator).setName(results.get(0).name());
      for (Tensor input : inputs) {
        node.addInput(input.name());
      }
      results.forEach(result -> node.addOutput(result.name()));
      attributes.forEach(attribute -> node.addAttribute(attribute.message()));
      graph.addNode(node);
    }
  }
}
