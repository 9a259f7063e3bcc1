package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.tf.Precision;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The graph nodes the model is built of, over 32-bit floats. */
public final class Kernels {
  private final Ops tf;
  private final Precision precision;
  private final Map<Operand<TFloat32>, Operand<TBfloat16>> narrowed = new HashMap<>();

  public Kernels(Ops tf, Precision precision) {
    this.tf = tf;
    this.precision = precision;
  }

  public Ops tf() {
    return tf;
  }

  /** Returns {@code x · weights + bias}. */
  public Operand<TFloat32> linear(
      Operand<TFloat32> x, Operand<TFloat32> weights, Operand<TFloat32> bias) {
    return tf.nn.biasAdd(product(x, weights), bias);
  }

  /** Returns {@code a · b}, in the precision of linear layers. */
  public Operand<TFloat32> product(Operand<TFloat32> a, Operand<TFloat32> b) {
    return precision == Precision.FP32
        ? tf.linalg.matMul(a, b)
        : wide(tf.linalg.matMul(narrow(a), narrow(b)));
  }

  /** Returns {@code a · bᵀ}, in the precision of linear layers. */
  public Operand<TFloat32> productTransposed(Operand<TFloat32> a, Operand<TFloat32> b) {
    return precision == Precision.FP32
        ? tf.linalg.matMul(a, b, MatMul.transposeB(true))
        : wide(tf.linalg.matMul(narrow(a), narrow(b), MatMul.transposeB(true)));
  }

  /** Returns {@code aᵀ · b}, in the precision of linear layers. */
  public Operand<TFloat32> transposedProduct(Operand<TFloat32> a, Operand<TFloat32> b) {
    return precision == Precision.FP32
        ? tf.linalg.matMul(a, b, MatMul.transposeA(true))
        : wide(tf.linalg.matMul(narrow(a), narrow(b), MatMul.transposeA(true)));
  }

  private Operand<TBfloat16> narrow(Operand<TFloat32> x) {
    return narrowed.computeIfAbsent(x, given -> tf.dtypes.cast(given, TBfloat16.class));
  }

  private Operand<TFloat32> wide(Operand<TBfloat16> x) {
    return tf.dtypes.cast(x, TFloat32.class);
  }

  /** Returns the products of the innermost matrices, in 32-bit floats. */
  public Operand<TFloat32> products(
      Operand<TFloat32> a, Operand<TFloat32> b, BatchMatMul.Options... options) {
    return tf.train.batchMatMul(a, b, TFloat32.class, options);
  }

  public Operand<TFloat32> columnSums(Operand<TFloat32> x) {
    return tf.nn.biasAddGrad(x);
  }

  /** Returns the means of the innermost dimension, which stays with size 1. */
  public Operand<TFloat32> rowMeans(Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
  }

  /** Returns the sums of the innermost dimension, which stays with size 1. */
  public Operand<TFloat32> rowSums(Operand<TFloat32> x) {
    return tf.reduceSum(x, tf.constant(-1), ReduceSum.keepDims(true));
  }

  /** Returns {@code x} less the mean of each row. */
  public Operand<TFloat32> centered(Operand<TFloat32> x) {
    return tf.math.sub(x, rowMeans(x));
  }

  public Operand<TFloat32> rows(Operand<TFloat32> x, Operand<TInt32> indices) {
    return tf.gather(x, indices, tf.constant(0), new Gather.Options[0]);
  }

  public Operand<TFloat32> matrix(Operand<TFloat32> x, int columns) {
    return tf.reshape(x, tf.constant(new int[] {-1, columns}));
  }

  public Operand<TFloat32> constant(double value) {
    return tf.constant((float) value);
  }
}
