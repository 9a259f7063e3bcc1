package io.github.recurrent.evaluation;

import java.io.IOException;
import java.nio.file.Path;

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
}
