package io.github.recurrent.tf.internal.graph;

import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** 32-bit floats that a graph keeps between runs. */
public final class Variable {
  private final Operand<? extends TType> handle;
  private final Operand<TFloat32> value;
  private final Operand<TFloat32> given;
  private final Op assign;

  public Variable(Ops tf, String name, Shape shape) {
    handle = handle(tf, name, shape);
    value = tf.readVariableOp(handle, TFloat32.class);
    given = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    assign = tf.assignVariableOp(handle, given);
  }

  /** Returns the handle of a variable; those without a name of their own would be one. */
  public static Operand<? extends TType> handle(Ops tf, String name, Shape shape) {
    return tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  public Operand<? extends TType> handle() {
    return handle;
  }

  /** Returns the value at the start of a run. */
  public Operand<TFloat32> value() {
    return value;
  }

  public void set(Session session, float[] values) {
    try (TFloat32 tensor = TFloat32.tensorOf(Shape.of(values.length), DataBuffers.of(values))) {
      set(session, tensor);
    }
  }

  public void set(Session session, Tensor tensor) {
    session.runner().feed(given, tensor).addTarget(assign).run().close();
  }

  public float[] get(Session session) {
    try (var result = session.runner().fetch(value).run()) {
      return Floats.of((TFloat32) result.get(0));
    }
  }
}
