package io.github.recurrent.graph;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a reader of triples or of a dataset does with records that repeat an earlier one, or
 * contradict it by giving the same question another answer. Immutable and thread-safe if the
 * listener is.
 *
 * @param repeated what to do with records that repeat an earlier one
 * @param contradictory what to do with records that contradict an earlier one
 * @param listener is told once, at the end of each file, how many records there are of each kind
 */
public record RecordChecks(Policy repeated, Policy contradictory, Consumer<Counts> listener) {
  /** What to do with records of a kind. */
  public enum Policy {
    /** Refuses the file once it is read, and says how many such records it has. */
    REFUSE,
    /** Goes on, and tells the listener how many such records the file has. */
    COUNT,
    /**
     * Makes one fact of the records of a dataset's file that give the same question several
     * answers: all of them are right, and the first is the fact's own. The answers of a question in
     * another file still have to be among them. For triples, and for records that repeat another,
     * it is the same as {@link #COUNT}.
     */
    UNITE
  }

  /** Returns checks whose counts are logged as a warning unless they are zero. */
  public static RecordChecks of(Policy repeated, Policy contradictory) {
    return new RecordChecks(repeated, contradictory, Counts::warn);
  }

  /** Returns these checks with another listener, which replaces the warning. */
  public RecordChecks listener(Consumer<Counts> counts) {
    return new RecordChecks(repeated, contradictory, counts);
  }

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
  public record Counts(
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
      System.getLogger(RecordChecks.class.getName())
          .log(Level.WARNING, file + ": " + what + ", the first at " + place + " " + first);
    }
  }
}
