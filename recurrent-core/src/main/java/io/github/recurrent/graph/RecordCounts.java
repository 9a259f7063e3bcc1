package io.github.recurrent.graph;

import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * How many records of a file repeat or contradict an earlier one.
 *
 * @param file the file
 * @param place how the first of them is told: by its {@code "line"} or, in JSON, its number
 * @param records the number of records, or of triples
 * @param repeated the number of records that say the same as an earlier one
 * @param firstRepeated the line or number of the first of them, from 1; 0 if there is none
 * @param contradictory the number of records that give an earlier question another answer
 * @param firstContradictory the line or number of the first of them, from 1; 0 if there is none
 */
public record RecordCounts(
    Path file,
    String place,
    long records,
    long repeated,
    long firstRepeated,
    long contradictory,
    long firstContradictory) {

  void warn() {
    if (repeated > 0) {
      log(repeated + " of " + records + " records repeat an earlier one", firstRepeated);
    }
    if (contradictory > 0) {
      log(
          contradictory + " of " + records + " records contradict an earlier one",
          firstContradictory);
    }
  }

  private void log(String what, long first) {
    System.getLogger(RecordCounts.class.getName())
        .log(Level.WARNING, file + ": " + what + ", the first at " + place + " " + first);
  }
}
