package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.primitives.Longs;

/** A named constant of a node. */
public record Attribute(AttributeProto message) {
  static Attribute of(String name, long value) {
    return new Attribute(begin(name, AttributeType.INT).setI(value).build());
  }

  static Attribute of(String name, float value) {
    return new Attribute(begin(name, AttributeType.FLOAT).setF(value).build());
  }

  static Attribute ofAll(String name, long... values) {
    return new Attribute(begin(name, AttributeType.INTS).addAllInts(Longs.asList(values)).build());
  }

  static Attribute of(String name, TensorProto value) {
    return new Attribute(begin(name, AttributeType.TENSOR).setT(value).build());
  }

  static Attribute of(String name, GraphProto value) {
    return new Attribute(begin(name, AttributeType.GRAPH).setG(value).build());
  }

  private static AttributeProto.Builder begin(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
