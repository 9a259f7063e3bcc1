package io.github.recurrent.graph;

import java.util.function.Consumer;

/**
 * What a reader of triples or of a dataset does with records that repeat an earlier one, or
 * contradict it by giving the same question another answer. Immutable and thread-safe if the
 * listener is.
 *
 * @param repeated what to do with records that repeat an earlier one
 * @param contradictory what to do with records that contradict an earlier one
 * @param listener hears once, at the end of each file, how many records there are of each kind
 */
public record RecordChecks(Policy repeated, Policy contradictory, Consumer<RecordCounts> listener) {
  /** What to do with records of a kind. */
  public enum Policy {
    /** Refuses the file once it is read, and says how many such records it has. */
    REFUSE,
    /** Goes on, and tells the listener how many such records the file has. */
    COUNT
  }

  /** Returns checks whose counts are logged as a warning unless they are zero. */
  public static RecordChecks of(Policy repeated, Policy contradictory) {
    return new RecordChecks(repeated, contradictory, RecordCounts::warn);
  }

  /** Returns these checks with another listener, which replaces the warning. */
  public RecordChecks listener(Consumer<RecordCounts> counts) {
    return new RecordChecks(repeated, contradictory, counts);
  }
}
