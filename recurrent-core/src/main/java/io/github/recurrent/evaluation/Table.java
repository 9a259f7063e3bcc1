package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Figures in rows, one for each combination of keys, such as a type of facts and a number of
 * iterations, and what was measured there. Figures that do not exist are NaN. Immutable and
 * thread-safe.
 *
 * @param keys the names of the columns that tell a row
 * @param figures the names of the columns of figures
 * @param rows the rows, in their order
 */
public record Table(
    ImmutableList<String> keys, ImmutableList<String> figures, ImmutableList<Row> rows) {
  /**
   * Checks the rows.
   *
   * @throws IllegalArgumentException if one has not as many keys and figures as there are columns,
   *     or two are of the same keys
   */
  public Table {
    Builder checked = new Builder(keys, figures);
    rows.forEach(checked::row);
  }

  /**
   * A row.
   *
   * @param keys what tells it, texts and whole numbers, in the order of {@link Table#keys()}
   * @param figures what was measured, in the order of {@link Table#figures()}; NaN where there is
   *     nothing
   */
  public record Row(ImmutableList<Object> keys, ImmutableDoubleArray figures) {}

  /** Begins a table with the given columns of keys. */
  public static Builder keys(String... names) {
    return new Builder(ImmutableList.copyOf(names), ImmutableList.of());
  }

  /** Returns the rows as CSV: a header, then a row a line; what does not exist is empty. */
  public String toCsv() {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, CSVFormat.RFC4180)) {
      List<Object> cells = new ArrayList<>(keys);
      cells.addAll(figures);
      csv.printRecord(cells);
      for (Row row : rows) {
        cells.clear();
        cells.addAll(row.keys());
        row.figures().forEach(figure -> cells.add(cell(figure)));
        csv.printRecord(cells);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Object cell(double figure) {
    if (Double.isNaN(figure)) {
      return "";
    }
    boolean whole = figure == Math.rint(figure) && Math.abs(figure) < 1e15;
    return whole ? (Object) (long) figure : (Object) figure;
  }

  /** Builds a {@link Table}. Not thread-safe. */
  public static final class Builder {
    private final ImmutableList<String> keys;
    private final ImmutableList<String> figures;
    private final ImmutableList.Builder<Row> rows = ImmutableList.builder();
    private final Set<ImmutableList<Object>> told = new HashSet<>();

    private Builder(ImmutableList<String> keys, ImmutableList<String> figures) {
      this.keys = keys;
      this.figures = figures;
    }

    /** Returns a builder with the given columns of figures, and no rows yet. */
    public Builder figures(String... names) {
      return figures(ImmutableList.copyOf(names));
    }

    Builder figures(List<String> names) {
      return new Builder(keys, ImmutableList.copyOf(names));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has not as many keys and figures as there are columns,
     *     or there is a row of the same keys
     */
    @CanIgnoreReturnValue
    public Builder row(List<?> rowKeys, double... rowFigures) {
      return row(new Row(ImmutableList.copyOf(rowKeys), ImmutableDoubleArray.copyOf(rowFigures)));
    }

    @CanIgnoreReturnValue
    Builder row(Row row) {
      checkArgument(
          row.keys().size() == keys.size() && row.figures().length() == figures.size(),
          "a row of %s and %s does not fit the columns %s and %s",
          row.keys(),
          row.figures(),
          keys,
          figures);
      checkArgument(told.add(row.keys()), "there is a row of %s already", row.keys());
      rows.add(row);
      return this;
    }

    /** Returns the table. */
    public Table build() {
      return new Table(keys, figures, rows.build());
    }
  }
}
