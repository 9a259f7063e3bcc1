package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * What an evaluation has found: a value object of figures, with the configuration and the
 * provenance that made them.
 *
 * <p>Implementations are records, immutable and thread-safe. What {@link #toJson} returns is read
 * back by {@link #ofJson}, and what {@link #write} writes by {@link #read}.
 */
public interface Report {
  /**
   * Returns all figures as a JSON object: a field for each component of the record, in snake case,
   * after {@code configuration} (what was evaluated and how) and {@code provenance} (how the models
   * were made). A figure that does not exist is {@code null}.
   */
  default String toJson() {
    return ReportFile.json(this);
  }

  /** Returns all figures as rows. */
  Table table();

  /**
   * Returns the rows as CSV (RFC 4180): a header, then a row a line; a figure that does not exist
   * is empty. Before them, on lines that begin with {@code #}, stand configuration and provenance
   * as JSON.
   */
  default String toCsv() {
    return ReportFile.csv(this);
  }

  /**
   * Writes this report to a .json or .csv file. The file is written aside and renamed into place.
   *
   * @throws IllegalArgumentException if the file has another suffix
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  default void write(Path file) throws IOException {
    ReportFile.write(this, file);
  }

  /**
   * Reads a report from a .json file, such as {@code Report.read(file, DepthSweep.class)}. Fields
   * that such a report does not have are left out. {@link SideBySide#read} reads several reports.
   *
   * @param <R> the kind of report
   * @throws IllegalArgumentException if the file is not valid JSON, or a field of the report is
   *     missing or bad
   * @throws IOException if the file cannot be read
   */
  static <R extends Report> R read(Path file, Class<R> kind) throws IOException {
    return ReportFile.read(file, Binding.Kind.of(kind));
  }

  /**
   * Returns the report that a JSON object holds, as {@link #read} does.
   *
   * @param <R> the kind of report
   * @throws IllegalArgumentException if the string is not valid JSON, or a field of the report is
   *     missing or bad
   */
  static <R extends Report> R ofJson(String json, Class<R> kind) {
    return ReportFile.ofJson(json, Binding.Kind.of(kind));
  }

  /**
   * Figures in rows, one for each combination of keys, such as a type of facts and a number of
   * iterations, and what was measured there. Figures that do not exist are NaN. Immutable and
   * thread-safe.
   *
   * @param keys the names of the columns that tell a row
   * @param figures the names of the columns of figures
   * @param rows the rows, in their order
   */
  record Table(ImmutableList<String> keys, ImmutableList<String> figures, ImmutableList<Row> rows) {
    /**
     * Checks the rows.
     *
     * @throws IllegalArgumentException if one has not as many keys and figures as there are
     *     columns, or two are of the same keys
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
       * @throws IllegalArgumentException if it has not as many keys and figures as there are
       *     columns, or there is a row of the same keys
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

  /**
   * What made the figures of a report: which model was evaluated on which facts, how, and where the
   * model came from. Immutable and thread-safe.
   *
   * @param model the specification of the model, if there was one and it is known
   * @param data what facts or records were evaluated, in words; empty if that is not known
   * @param factsPerType how many facts of each type were drawn at most, unless all were taken
   * @param sampleSeed the seed the facts were drawn with, unless all were taken
   * @param settings the settings of the evaluation, such as its iterations, by name
   * @param library the library that evaluated, with its version; empty if that is not known
   * @param provenance how the model was made: data, configuration, seed, library version, by name;
   *     of the training where no model was evaluated
   */
  record Setup(
      Optional<RecurrentDepthTransformer> model,
      String data,
      OptionalInt factsPerType,
      OptionalLong sampleSeed,
      ImmutableMap<String, String> settings,
      String library,
      ImmutableMap<String, String> provenance) {
    /** Returns what is known of figures that came without one: nothing. */
    static Setup unknown() {
      return of("", "", ImmutableMap.of());
    }

    /** Returns that of the records of a training. */
    static Setup ofTraining(String data, ImmutableMap<String, String> provenance) {
      return of(data, LibraryVersion.name(), provenance);
    }

    private static Setup of(String data, String library, ImmutableMap<String, String> provenance) {
      return new Setup(
          Optional.empty(),
          data,
          OptionalInt.empty(),
          OptionalLong.empty(),
          ImmutableMap.of(),
          library,
          provenance);
    }
  }

  /** Receives the progress of an evaluation, on the thread that evaluates. */
  @FunctionalInterface
  interface Progress {
    /**
     * Some more facts have been run.
     *
     * @param what the type of the facts run last, such as {@code 5hop_test}
     * @param done the number of facts run so far, of all types
     * @param total the number of facts there are to run
     */
    void advanced(String what, long done, long total);
  }
}
