package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a batch feeds into a graph, and the indices that follow from it.
 *
 * <p>Linear layers work on packed tokens {@code [tokens, width]}; attention works on {@code [heads
 * · rows, length, head width]}. One gather leads from one to the other: it moves heads and rows
 * into place at once, and another leads back; in the gradient a sum over the places of a token
 * does.
 */
final class BatchInputs {
  private static final float MASKED = -10_000;

  private final Ops tf;
  private final int heads;
  private final Operand<TInt32> ids;
  private final Operand<TInt32> positions;
  private final Operand<TInt32> cells;
  private final Operand<TInt32> grid;
  private final Operand<TInt32> rowsAndLength;
  private final Operand<TInt32> rows;
  private final Operand<TInt32> length;
  private final Operand<TInt32> tokens;
  private final AttentionIndices everyToken;
  private final AttentionIndices readTokens;

  BatchInputs(RecurrentDepthTransformer model, Ops tf) {
    this.tf = tf;
    ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    positions = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    cells = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
    grid =
        tf.placeholder(
            TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, Shape.UNKNOWN_SIZE)));
    rowsAndLength = tf.shape(grid);
    rows = scalar(rowsAndLength, 0);
    length = scalar(rowsAndLength, 1);
    tokens = scalar(tf.shape(ids), 0);

    heads = model.heads();
    Operand<TInt32> places = tf.math.mul(rows, length);
    Operand<TInt32> present = tf.math.maximum(grid, tf.constant(0));
    Operand<TBool> real = tf.math.greaterEqual(grid, tf.constant(0));
    Operand<TInt32> everyCell = tf.range(tf.constant(0), places, tf.constant(1));
    // A token that rows share is computed where it first stands, and only there.
    Operand<TBool> own =
        tf.math.logicalAnd(
            real,
            tf.math.equal(
                tf.gather(cells, present, tf.constant(0)), tf.reshape(everyCell, tf.shape(grid))));
    Operand<TFloat32> mask = mask(model, present, real);

    Operand<TInt32> slots = tf.math.mul(tf.expandDims(present, tf.constant(0)), heads(3));
    Operand<TInt32> keysAndValues = tf.math.add(slots, column(heads, 3 * heads, 3));
    Operand<TInt32> queries = tf.math.add(slots, column(0, heads, 3));
    Operand<TInt32> results =
        tf.math.add(tf.expandDims(cells, tf.constant(1)), tf.math.mul(row(0, heads), places));
    Operand<TInt32> gradients =
        tf.math.add(
            tf.math.mul(tf.expandDims(present, tf.constant(0)), heads(1)), column(0, heads, 3));
    Operand<TInt32> slotCount = tf.math.mul(tokens, heads(3));
    everyToken =
        new AttentionIndices(
            flat(queries),
            flat(keysAndValues),
            flat(results),
            flat(gradients),
            tf.concat(
                List.of(flat(where(own, queries)), flat(where(real, keysAndValues))),
                tf.constant(0)),
            slotCount,
            mask,
            tf.dtypes.cast(tf.expandDims(own, tf.constant(2)), TFloat32.class),
            tf.shape(grid));

    Operand<TInt32> readRows = tf.range(tf.constant(0), rows, tf.constant(1));
    Operand<TInt32> readCells = tf.gather(cells, readRows, tf.constant(0));
    Operand<TInt32> readQueries =
        tf.math.add(
            tf.math.mul(tf.expandDims(readRows, tf.constant(0)), heads(3)), column(0, heads, 2));
    Operand<TInt32> readResults =
        tf.math.add(tf.expandDims(readRows, tf.constant(1)), tf.math.mul(row(0, heads), rows));
    Operand<TInt32> readGradients =
        tf.math.add(
            tf.math.mul(tf.expandDims(readRows, tf.constant(0)), heads(1)), column(0, heads, 2));
    readTokens =
        new AttentionIndices(
            flat(readQueries),
            flat(keysAndValues),
            flat(readResults),
            flat(readGradients),
            tf.concat(List.of(flat(readQueries), flat(where(real, keysAndValues))), tf.constant(0)),
            slotCount,
            tf.expandDims(
                tf.gather(
                    tf.reshape(mask, tf.stack(List.of(tf.constant(-1), places, length))),
                    readCells,
                    tf.constant(1)),
                tf.constant(2)),
            tf.constant(1f),
            tf.stack(List.of(rows, tf.constant(1))));
  }

  private Operand<TInt32> heads(int times) {
    return tf.constant(times * heads);
  }

  /** The indices of some cells; −1, which is nowhere, for the others. */
  private Operand<TInt32> where(Operand<TBool> cellsToKeep, Operand<TInt32> indices) {
    Operand<TInt32> kept = tf.dtypes.cast(tf.expandDims(cellsToKeep, tf.constant(0)), TInt32.class);
    return tf.math.sub(tf.math.mul(tf.math.add(indices, tf.constant(1)), kept), tf.constant(1));
  }

  /**
   * The bias where a token may attend to another, {@code [1 or heads, rows, length, length]}. Its
   * distance is taken from the row's first token: that adds to all scores of its softmax alike.
   */
  private Operand<TFloat32> mask(
      RecurrentDepthTransformer model, Operand<TInt32> present, Operand<TBool> real) {
    Operand<TBool> attended =
        tf.math.logicalAnd(
            real, tf.math.notEqual(tf.gather(ids, present, tf.constant(0)), tf.constant(0)));
    Operand<TInt32> range = tf.range(tf.constant(0), length, tf.constant(1));
    Operand<TBool> causal =
        tf.math.greaterEqual(
            tf.expandDims(range, tf.constant(1)), tf.expandDims(range, tf.constant(0)));
    Operand<TFloat32> allowed =
        tf.dtypes.cast(
            tf.math.logicalAnd(tf.expandDims(attended, tf.constant(1)), causal), TFloat32.class);
    Operand<TFloat32> mask =
        tf.expandDims(
            tf.math.mul(tf.math.sub(tf.constant(1f), allowed), tf.constant(MASKED)),
            tf.constant(0));
    if (model.attentionSlopes().isEmpty()) {
      return mask;
    }
    Operand<TFloat32> slopes =
        tf.reshape(
            tf.dtypes.cast(tf.constant(Doubles.toArray(model.attentionSlopes())), TFloat32.class),
            tf.constant(new int[] {-1, 1, 1, 1}));
    Operand<TFloat32> bias = tf.math.mul(slopes, tf.dtypes.cast(range, TFloat32.class));
    return tf.math.add(mask, tf.math.mul(bias, allowed));
  }

  private Operand<TInt32> scalar(Operand<TInt32> vector, int index) {
    return tf.gather(vector, tf.constant(index), tf.constant(0));
  }

  /** The numbers of a range along the outermost of some dimensions. */
  private Operand<TInt32> column(int from, int to, int rank) {
    int[] shape = new int[rank];
    Arrays.fill(shape, 1);
    shape[0] = to - from;
    return tf.reshape(numbers(from, to), tf.constant(shape));
  }

  private Operand<TInt32> row(int from, int to) {
    return tf.reshape(numbers(from, to), tf.constant(new int[] {1, to - from}));
  }

  private Operand<TInt32> numbers(int from, int to) {
    return tf.constant(IntStream.range(from, to).toArray());
  }

  private Operand<TInt32> flat(Operand<TInt32> indices) {
    return tf.reshape(indices, tf.constant(new int[] {-1}));
  }

  /** Returns the ids, {@code [tokens]}. */
  Operand<TInt32> ids() {
    return ids;
  }

  /** Returns the published positions, {@code [tokens]}. */
  Operand<TInt32> positions() {
    return positions;
  }

  /** Returns the read tokens' rows of {@code [tokens, columns]}. */
  Operand<TFloat32> readRows(Operand<TFloat32> x) {
    return tf.slice(x, tf.constant(new int[] {0, 0}), tf.stack(List.of(rows, tf.constant(-1))));
  }

  /** Returns the number of rows, a scalar. */
  Operand<TInt32> rows() {
    return rows;
  }

  /** Returns the number of tokens, a scalar. */
  Operand<TInt32> tokens() {
    return tokens;
  }

  /** Returns the indices with which every token attends. */
  AttentionIndices everyToken() {
    return everyToken;
  }

  /** Returns the indices with which only the read tokens attend. */
  AttentionIndices readTokens() {
    return readTokens;
  }

  /** Returns a batch in native memory, for {@link #feed}; the tensors must be closed. */
  ImmutableList<Tensor> tensors(PackedBatch batch) {
    Shape tokens = Shape.of(batch.ids().length);
    return ImmutableList.of(
        tensor(batch.ids(), tokens),
        tensor(batch.positions(), tokens),
        tensor(batch.cells(), tokens),
        tensor(batch.tokens(), Shape.of(batch.rows(), batch.length())));
  }

  private static Tensor tensor(int[] values, Shape shape) {
    return TInt32.tensorOf(shape, DataBuffers.of(values));
  }

  /** Feeds a batch. */
  void feed(Session.Runner runner, List<Tensor> tensors) {
    runner
        .feed(ids, tensors.get(0))
        .feed(positions, tensors.get(1))
        .feed(cells, tensors.get(2))
        .feed(grid, tensors.get(3));
  }
}
