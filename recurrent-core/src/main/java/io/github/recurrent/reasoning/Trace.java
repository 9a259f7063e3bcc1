package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.List;

/**
 * The hidden states of a run: of every row of a batch, at every position, after every effective
 * layer. Effective layer 0 is the embedded tokens.
 *
 * <p>Position 0 is the head entity, position i the i-th relation; pads may follow. Immutable and
 * thread-safe.
 */
public final class Trace {
  private final RecurrentDepthTransformer model;
  private final QueryBatch queries;
  private final int positions;
  private final ImmutableList<float[]> layers;

  private Trace(
      RecurrentDepthTransformer model,
      QueryBatch queries,
      int positions,
      ImmutableList<float[]> layers) {
    this.model = model;
    this.queries = queries;
    this.positions = positions;
    this.layers = layers;
  }

  /**
   * Returns the run with the given states, which are copied.
   *
   * @param positions the number of tokens of every row, pads included
   * @param states {@code [rows, positions, width]} in row-major order for every effective layer
   *     from 0 on, as many as whole iterations have
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static Trace of(
      RecurrentDepthTransformer model, QueryBatch queries, int positions, List<float[]> states) {
    check(model, queries, positions, states);
    return new Trace(model, queries, positions, copies(states));
  }

  private static void check(
      RecurrentDepthTransformer model, QueryBatch queries, int positions, List<float[]> states) {
    checkArgument(
        positions >= queries.longest(),
        "rows of %s positions cannot hold a query of %s tokens",
        positions,
        queries.longest());
    checkArgument(
        states.size() > 1 && states.size() % model.layers() == 1 % model.layers(),
        "%s effective layers are not whole iterations of %s",
        states.size() - 1,
        model.layers());
    long size = (long) queries.size() * positions * model.width();
    for (float[] layer : states) {
      checkArgument(
          layer.length == size,
          "%s values for the states of [%s, %s, %s]",
          layer.length,
          queries.size(),
          positions,
          model.width());
    }
  }

  private static ImmutableList<float[]> copies(List<float[]> states) {
    return states.stream().map(float[]::clone).collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the number of positions that the rows of a batch need: the tokens of the longest query,
   * and the pads that the model is read at.
   *
   * @throws IllegalArgumentException if the model takes no query of the longest's length
   */
  public static int positions(RecurrentDepthTransformer model, QueryBatch queries) {
    int length = model.paddedLength(queries.longest());
    // Without positions all pads of a row compute the same, so that one is enough.
    return model.positions() == PositionEncoding.NONE
        ? Math.min(length, queries.longest() + 1)
        : length;
  }

  /** Returns the position at which a model reads a query of the given number of tokens in a run. */
  public static int readPosition(RecurrentDepthTransformer model, int queryTokens) {
    int index = model.readPosition().index(queryTokens);
    return model.positions() == PositionEncoding.NONE ? Math.min(index, queryTokens) : index;
  }

  /**
   * Returns the run that has other states, which are copied, from an effective layer on.
   *
   * @param states for every effective layer from the given one on, as {@link #of} takes them
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public Trace with(int layer, List<float[]> states) {
    ImmutableList<float[]> all =
        ImmutableList.<float[]>builder()
            .addAll(layers.subList(0, checkElementIndex(layer, layers.size(), "effective layer")))
            .addAll(copies(states))
            .build();
    check(model, queries, positions, all);
    return new Trace(model, queries, positions, all);
  }

  /** Returns the specification of the model. */
  public RecurrentDepthTransformer model() {
    return model;
  }

  /** Returns the queries that were run. */
  public QueryBatch queries() {
    return queries;
  }

  /** Returns the number of rows. */
  public int rows() {
    return queries.size();
  }

  /** Returns the number of positions of every row, pads included. */
  public int positions() {
    return positions;
  }

  /** Returns the number of iterations. */
  public int iterations() {
    return effectiveLayers() / model.layers();
  }

  /** Returns the number of effective layers, L·R; there are states after 0 to so many. */
  public int effectiveLayers() {
    return layers.size() - 1;
  }

  /** Returns the position at which a row is read. */
  public int readPosition(int row) {
    return readPosition(model, queries.length(row));
  }

  /** Returns a copy of a state, {@code [width]}. */
  public float[] state(int layer, int row, int position) {
    int width = model.width();
    float[] state = new float[width];
    copy(layer, row, position, state, 0);
    return state;
  }

  /** Returns a copy of the states of all rows at a position, {@code [rows, width]}. */
  public float[] states(int layer, int position) {
    float[] states = new float[rows() * model.width()];
    for (int row = 0; row < rows(); row++) {
      copy(layer, row, position, states, row);
    }
    return states;
  }

  /** Returns a copy of the states at which the rows are read, {@code [rows, width]}. */
  public float[] readStates(int layer) {
    float[] states = new float[rows() * model.width()];
    for (int row = 0; row < rows(); row++) {
      copy(layer, row, readPosition(row), states, row);
    }
    return states;
  }

  /** Returns a copy of all states after an effective layer, {@code [rows, positions, width]}. */
  public float[] states(int layer) {
    return layer(layer).clone();
  }

  private void copy(int layer, int row, int position, float[] target, int targetRow) {
    checkElementIndex(row, rows(), "row");
    checkElementIndex(position, positions, "position");
    int width = model.width();
    System.arraycopy(
        layer(layer), (row * positions + position) * width, target, targetRow * width, width);
  }

  private float[] layer(int layer) {
    return layers.get(checkElementIndex(layer, layers.size(), "effective layer"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Trace that
        && positions == that.positions
        && model.equals(that.model)
        && queries.equals(that.queries)
        && Arrays.deepEquals(layers.toArray(), that.layers.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * queries.hashCode() + Arrays.deepHashCode(layers.toArray());
  }

  @Override
  public String toString() {
    return "Trace["
        + effectiveLayers()
        + " effective layers, "
        + rows()
        + " rows, "
        + positions
        + " positions]";
  }
}
