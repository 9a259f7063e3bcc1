package io.github.recurrent.tf.internal.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens that the rows of a batch are to answer: one a row, or several that are equally
 * probable. Immutable.
 */
public final class Targets {
  private final ImmutableList<ImmutableIntArray> rows;

  private Targets(ImmutableList<ImmutableIntArray> rows) {
    this.rows = rows;
  }

  /**
   * Returns the targets of rows.
   *
   * @param rows the ids of each row's answers, at least one
   */
  public static Targets of(List<ImmutableIntArray> rows) {
    checkArgument(
        rows.stream().noneMatch(ImmutableIntArray::isEmpty), "every row needs at least one answer");
    return new Targets(ImmutableList.copyOf(rows));
  }

  /** Returns the targets of rows of one answer each. */
  public static Targets of(int... ids) {
    return new Targets(
        Arrays.stream(ids)
            .mapToObj(ImmutableIntArray::of)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the ids of all answers, row by row. */
  int[] ids() {
    return rows.stream().flatMapToInt(ImmutableIntArray::stream).toArray();
  }

  /** Returns the row of each of {@link #ids}. */
  int[] rowOfEach() {
    int[] result = new int[size()];
    int next = 0;
    for (int row = 0; row < rows.size(); row++) {
      int end = next + rows.get(row).length();
      Arrays.fill(result, next, end, row);
      next = end;
    }
    return result;
  }

  /** Returns the probability of each of {@link #ids} in its row. */
  float[] shareOfEach() {
    float[] result = new float[size()];
    int next = 0;
    for (ImmutableIntArray row : rows) {
      int end = next + row.length();
      Arrays.fill(result, next, end, 1f / row.length());
      next = end;
    }
    return result;
  }

  private int size() {
    return rows.stream().mapToInt(ImmutableIntArray::length).sum();
  }
}
