package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * Values over rows and columns as colors of one scale, such as accuracies over hops and iterations
 * or shares over effective layers and positions. The scale is even to the eye, also to a
 * color-blind one, and in gray; where cells are large enough they show their values as numbers.
 * Immutable and thread-safe; each method returns a changed one.
 */
public final class HeatMap extends Drawing {
  private final ImmutableHeatMapContent content;

  private HeatMap(ImmutableHeatMapContent content) {
    this.content = content;
  }

  /** Returns a heat map without values yet. */
  public static HeatMap titled(String title) {
    return new HeatMap(ImmutableHeatMapContent.builder().title(title).build());
  }

  /** Sets the title. */
  public HeatMap title(String text) {
    return new HeatMap(content.withTitle(text));
  }

  /**
   * Sets the rows, the lowest first; where they are too many, only some labels are shown.
   *
   * @param title what the rows are, with their unit
   */
  public HeatMap rows(String title, List<String> labels) {
    return new HeatMap(content.withRowTitle(title).withRowLabels(labels));
  }

  /**
   * Sets the columns, the leftmost first; where they are too many, only some labels are shown.
   *
   * @param title what the columns are, with their unit
   */
  public HeatMap columns(String title, List<String> labels) {
    return new HeatMap(content.withColumnTitle(title).withColumnLabels(labels));
  }

  /**
   * Sets the values, from 0 to 1 unless {@link #range} says otherwise.
   *
   * @param title what the values are, with their unit
   * @param values {@code [rows][columns]}; NaN leaves a cell empty
   */
  public HeatMap values(String title, double[][] values) {
    return new HeatMap(
        content
            .withValueTitle(title)
            .withValues(
                Arrays.stream(values)
                    .map(ImmutableDoubleArray::copyOf)
                    .collect(ImmutableList.toImmutableList())));
  }

  /**
   * Sets the values at the ends of the scale; values beyond have the color of the end.
   *
   * @throws IllegalArgumentException unless both are finite and the first is less
   */
  public HeatMap range(double least, double greatest) {
    checkArgument(
        Double.isFinite(least) && Double.isFinite(greatest) && least < greatest,
        "a scale goes up between two numbers, but is from %s to %s",
        least,
        greatest);
    return new HeatMap(content.withLeast(least).withGreatest(greatest));
  }

  /**
   * Adds one column that stands apart on the right, such as accuracies under adaptive halting.
   *
   * @param values one for each row; NaN leaves a cell empty
   */
  public HeatMap columnApart(String label, double... values) {
    return new HeatMap(
        content.withApart(new HeatMapContent.Apart(label, ImmutableDoubleArray.copyOf(values))));
  }

  /** Marks a border between rows: below it are that many. */
  public HeatMap rowLine(int below, String label) {
    return new HeatMap(content.withRowLine(new HeatMapContent.Line(below, label)));
  }

  /** Marks a border between columns: on its left are that many. */
  public HeatMap columnLine(int left, String label) {
    return new HeatMap(content.withColumnLine(new HeatMapContent.Line(left, label)));
  }

  /**
   * Marks a place in every row.
   *
   * @param columns one for each row: the index of a column, or between two; NaN marks nothing
   */
  public HeatMap marks(String label, double... columns) {
    return new HeatMap(
        content.withMarks(new HeatMapContent.Marks(label, ImmutableDoubleArray.copyOf(columns))));
  }

  @Override
  IChart chart(int width, int height) {
    check();
    return new HeatMapPainter(content, width, height);
  }

  private void check() {
    int rows = content.rowLabels().size();
    int columns = content.columnLabels().size();
    if (rows == 0 || columns == 0) {
      throw new IllegalStateException(
          "there is nothing to draw: the heat map has "
              + rows
              + " rows and "
              + columns
              + " columns");
    }
    require(content.values().size() == rows, content.values().size() + " rows of values", rows);
    for (ImmutableDoubleArray row : content.values()) {
      require(row.length() == columns, "a row of " + row.length() + " values", columns);
    }
    content
        .apart()
        .ifPresent(
            apart ->
                require(
                    apart.values().length() == rows,
                    apart.values().length() + " values apart",
                    rows));
    content
        .marks()
        .ifPresent(
            marks ->
                require(
                    marks.columns().length() == rows, marks.columns().length() + " marks", rows));
  }

  private static void require(boolean fits, String found, int labels) {
    if (!fits) {
      throw new IllegalStateException("the heat map has " + found + ", but " + labels + " labels");
    }
  }
}
