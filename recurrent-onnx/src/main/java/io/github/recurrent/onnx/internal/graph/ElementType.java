package io.github.recurrent.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.TensorProto;

/** The element types of the tensors in the exported graphs. */
public enum ElementType {
  BOOL(TensorProto.DataType.BOOL),
  INT64(TensorProto.DataType.INT64),
  FLOAT(TensorProto.DataType.FLOAT),
  DOUBLE(TensorProto.DataType.DOUBLE),
  UINT8(TensorProto.DataType.UINT8);

  private final TensorProto.DataType type;

  ElementType(TensorProto.DataType type) {
    this.type = type;
  }

  /** Returns the number ONNX has for this type. */
  public int number() {
    return type.getNumber();
  }
}
