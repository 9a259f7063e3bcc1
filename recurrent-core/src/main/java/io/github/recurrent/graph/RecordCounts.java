package io.github.recurrent.graph;

import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * How many records of a file repeat or contradict an earlier one.
 *
 * @param file the file
 * @param records the number of records, or of triples
 * @param repeated the number of records that say the same as an earlier one
 * @param firstRepeated the number of the first of them, or the line of the first triple; 0 if there
 *     is none
 * @param contradictory the number of records that give an earlier question another answer
 * @param firstContradictory the number of the first of them, or the line of the first triple; 0 if
 *     there is none
 */
public record RecordCounts(
    Path file,
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
        .log(Level.WARNING, file + ": " + what + ", the first at " + first);
  }
}
