package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads graphs from files of triples, one per line: head, relation and tail, separated by tabs in a
 * {@code .tsv} file, where quotes are part of a name, and by commas in a {@code .csv} file (RFC
 * 4180). Files are UTF-8, with or without a byte order mark.
 *
 * <p>Blank lines and blank fields behind the third are left out, and so is white space around
 * names. Entities and relations are numbered in the order in which they first appear. Names that
 * look the same but are not, by invisible characters or by another Unicode normalization, are kept
 * apart and logged as a warning. Not thread-safe.
 */
public final class TripleReader {
  private Optional<Boolean> header = Optional.empty();
  private Optional<Character> comments = Optional.empty();
  private RecordChecks checks =
      RecordChecks.of(RecordChecks.Policy.COUNT, RecordChecks.Policy.REFUSE);

  TripleReader() {}

  /**
   * Says whether the first line is a header and not a triple. Unless said, it is one if it names
   * the three columns, such as {@code head, relation, tail} or {@code subject, predicate, object}.
   * A header that names the columns so may have them in any order.
   */
  @CanIgnoreReturnValue
  public TripleReader header(boolean present) {
    header = Optional.of(present);
    return this;
  }

  /**
   * Leaves out lines that begin with a character, such as {@code #}; unless said, none is a
   * comment, as names may begin with any character.
   *
   * @throws IllegalArgumentException if the character is white space, a comma or a quote
   */
  @CanIgnoreReturnValue
  public TripleReader comments(char marker) {
    checkArgument(
        !Character.isWhitespace(marker) && marker != ',' && marker != '"',
        "a comment cannot begin with '%s', which has another meaning in a file of triples",
        marker);
    comments = Optional.of(marker);
    return this;
  }

  /**
   * Says what to do with triples that repeat an earlier one, and with those that give a head
   * another tail by the same relation. Unless said, the former are counted and the latter refused.
   * Where both are counted, the first triple of a head and a relation is the one that stays.
   */
  @CanIgnoreReturnValue
  public TripleReader checks(RecordChecks records) {
    checks = records;
    return this;
  }

  /**
   * Reads a file.
   *
   * @throws FileFormatException if a line is not UTF-8 or not a triple, a name is empty or stands
   *     in angle brackets, or there are triples that the checks refuse
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file's name ends in neither {@code .tsv} nor {@code
   *     .csv}
   */
  public KnowledgeGraph read(Path file) throws IOException {
    return TripleFile.read(file, header, comments, checks);
  }
}
