package io.github.recurrent.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What an evaluation has found: a value object of figures, with the configuration and the
 * provenance that made them.
 *
 * <p>Implementations are immutable and thread-safe, and read back what {@link #toJson} has written
 * by a static {@code ofJson}.
 */
public interface Report {
  /**
   * Returns all figures as a JSON object, with {@code configuration} (what was evaluated and how)
   * and {@code provenance} (how the models were made); a figure that does not exist is {@code
   * null}.
   */
  ObjectNode toJson();

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
}
