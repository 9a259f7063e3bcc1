package io.github.recurrent.dataset;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.RecordChecks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The records of a file, with a count of those that repeat or contradict another. */
final class CheckedRecords {
  static final RecordChecks COUNT =
      RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.COUNT);

  private final Path file;
  private final Vocabulary vocabulary;
  private final RecordChecks checks;
  private long records;
  private long repeated;
  private long firstRepeated;
  private long contradictory;
  private long firstContradictory;
  private String contradiction = "";

  CheckedRecords(Path file, Vocabulary vocabulary, RecordChecks checks) {
    this.file = file;
    this.vocabulary = vocabulary;
    this.checks = checks;
  }

  /**
   * Reads the file.
   *
   * @throws FileFormatException if it is bad, or has records that the checks refuse
   */
  void read(RecordFile.Reader reader) throws IOException {
    RecordFile.read(
        file,
        vocabulary,
        (type, queryIds, answerId) -> {
          records++;
          reader.record(type, queryIds, answerId);
        });
    refuse();
    checks
        .listener()
        .accept(
            new RecordChecks.Counts(
                file,
                "record",
                records,
                repeated,
                firstRepeated,
                contradictory,
                firstContradictory));
  }

  /**
   * @throws FileFormatException if there was no record
   */
  void requireSome() throws FileFormatException {
    if (records == 0) {
      throw new FileFormatException(file, "must hold records, but its array is empty");
    }
  }

  private void refuse() throws FileFormatException {
    if (contradictory > 0 && checks.contradictory() == RecordChecks.Policy.REFUSE) {
      throw FileFormatException.at(
          file,
          "record " + firstContradictory,
          contradiction
              + "; of "
              + records
              + " records "
              + contradictory
              + " contradict an earlier one",
          null);
    }
    if (repeated > 0 && checks.repeated() == RecordChecks.Policy.REFUSE) {
      throw FileFormatException.at(
          file,
          "record " + firstRepeated,
          "repeats an earlier record, as do " + repeated + " of " + records + " records in all",
          null);
    }
  }

  /**
   * Adds the record that is read now to the facts of its kind.
   *
   * @param elsewhere the facts of its kind in another file, which it may repeat; null if none
   */
  void add(ReadFacts facts, int[] queryIds, int answerId, @Nullable ReadFacts elsewhere) {
    boolean repeats;
    OptionalInt other = OptionalInt.empty();
    if (checks.contradictory() == RecordChecks.Policy.UNITE) {
      repeats = facts.unite(queryIds, answerId);
    } else {
      OptionalInt earlier = facts.add(queryIds, answerId);
      repeats = earlier.isPresent();
      if (repeats && earlier.getAsInt() != answerId) {
        other = earlier;
      }
    }
    if (other.isEmpty() && elsewhere != null && elsewhere.contradicts(queryIds, answerId)) {
      other = elsewhere.answer(queryIds);
    }
    if (other.isPresent()) {
      if (contradictory++ == 0) {
        firstContradictory = records;
        contradiction = contradiction(queryIds, answerId, other.getAsInt());
      }
    } else if (repeats) {
      countRepeated();
    }
  }

  /** Counts the record that is read now as one that repeats an earlier one. */
  void countRepeated() {
    if (repeated++ == 0) {
      firstRepeated = records;
    }
  }

  private String contradiction(int[] queryIds, int answerId, int other) {
    StringBuilder query = new StringBuilder();
    for (int id : queryIds) {
      query.append(vocabulary.token(id));
    }
    return "answers \""
        + query
        + "\" with "
        + vocabulary.token(answerId)
        + ", but an earlier record with "
        + vocabulary.token(other);
  }
}
