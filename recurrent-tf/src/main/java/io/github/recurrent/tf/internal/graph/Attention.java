package io.github.recurrent.tf.internal.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Causal self-attention from queries, keys and values to the heads' results side by side. */
final class Attention {
  private final Kernels kernels;
  private final Ops tf;
  private final AttentionIndices indices;
  private final int heads;
  private final int headWidth;
  private final Operand<TFloat32> queries;
  private final Operand<TFloat32> keys;
  private final Operand<TFloat32> values;
  private final Operand<TFloat32> probabilities;
  private final DropoutMasks.Dropped dropped;
  private final Operand<TFloat32> output;

  /**
   * @param input {@code [tokens, 3 · width]}: queries (scaled), keys and values
   */
  Attention(
      Kernels kernels,
      AttentionIndices indices,
      int heads,
      int headWidth,
      Operand<TFloat32> input,
      DropoutMasks masks,
      int block) {
    this.kernels = kernels;
    this.tf = kernels.tf();
    this.indices = indices;
    this.heads = heads;
    this.headWidth = headWidth;
    Operand<TFloat32> slots = kernels.matrix(input, headWidth);
    queries = tf.reshape(kernels.rows(slots, indices.queries()), headShape());
    List<Operand<TFloat32>> keysAndValues =
        List.copyOf(
            tf.split(
                    tf.constant(0),
                    tf.reshape(kernels.rows(slots, indices.keysAndValues()), keyShape()),
                    2L)
                .output());
    keys = keysAndValues.get(0);
    values = keysAndValues.get(1);
    Operand<TFloat32> scores = kernels.products(queries, keys, BatchMatMul.adjY(true));
    Operand<TFloat32> masked = tf.math.add(tf.reshape(scores, scoreShape()), indices.mask());
    probabilities = tf.math.mul(tf.nn.softmax(masked), indices.attends());
    dropped = masks.attention(probabilities, block);
    Operand<TFloat32> results = kernels.products(merged(dropped.output()), values);
    output =
        kernels.matrix(
            kernels.rows(kernels.matrix(results, headWidth), indices.results()), heads * headWidth);
  }

  /** Returns the results, {@code [attending tokens, width]}. */
  Operand<TFloat32> output() {
    return output;
  }

  /** Returns the gradient of the input. */
  Operand<TFloat32> backward(Operand<TFloat32> gradient) {
    Operand<TFloat32> results =
        tf.reshape(
            kernels.rows(kernels.matrix(gradient, headWidth), indices.resultGradients()),
            headShape());
    Operand<TFloat32> valueGradient =
        kernels.products(merged(dropped.output()), results, BatchMatMul.adjX(true));
    Operand<TFloat32> probabilityGradient =
        dropped.backward(
            tf.reshape(kernels.products(results, values, BatchMatMul.adjY(true)), scoreShape()));
    Operand<TFloat32> along = kernels.rowSums(tf.math.mul(probabilityGradient, probabilities));
    Operand<TFloat32> scoreGradient =
        merged(tf.math.mul(tf.math.sub(probabilityGradient, along), probabilities));
    Operand<TFloat32> queryGradient = kernels.products(scoreGradient, keys);
    Operand<TFloat32> keyGradient =
        kernels.products(scoreGradient, queries, BatchMatMul.adjX(true));
    Operand<TFloat32> stacked =
        tf.concat(
            List.of(
                kernels.matrix(queryGradient, headWidth),
                kernels.matrix(keyGradient, headWidth),
                kernels.matrix(valueGradient, headWidth)),
            tf.constant(0));
    return kernels.matrix(
        tf.math.unsortedSegmentSum(stacked, indices.inputGradients(), indices.inputGradientCount()),
        3 * heads * headWidth);
  }

  private Operand<TInt32> headShape() {
    return tf.stack(
        List.of(tf.math.mul(rows(), tf.constant(heads)), attending(), tf.constant(headWidth)));
  }

  private Operand<TInt32> keyShape() {
    return tf.stack(
        List.of(
            tf.math.mul(rows(), tf.constant(2 * heads)), tf.constant(-1), tf.constant(headWidth)));
  }

  private Operand<TInt32> scoreShape() {
    return tf.stack(List.of(tf.constant(heads), rows(), attending(), tf.constant(-1)));
  }

  /** Merges the heads' dimension of {@code [heads, rows, …]} with the rows'. */
  private Operand<TFloat32> merged(Operand<TFloat32> x) {
    return tf.reshape(
        x,
        tf.stack(List.of(tf.math.mul(rows(), tf.constant(heads)), attending(), tf.constant(-1))));
  }

  private Operand<TInt32> rows() {
    return tf.gather(indices.shape(), tf.constant(0), tf.constant(0));
  }

  private Operand<TInt32> attending() {
    return tf.gather(indices.shape(), tf.constant(1), tf.constant(0));
  }
}
