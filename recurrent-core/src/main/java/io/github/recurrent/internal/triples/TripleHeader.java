package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells the header of a file of triples from a triple, and knows what its columns are. */
final class TripleHeader {
  private final Path file;
  private final Optional<Boolean> said;
  private TripleColumns columns;
  private boolean past;

  TripleHeader(Path file, TripleChoices choices) {
    this.file = file;
    this.said = choices.header();
    this.columns = choices.columns();
  }

  /** Returns whether the first line that is not blank was taken or refused. */
  boolean isPast() {
    return past;
  }

  /** Returns whether the first line that is not blank is a header. */
  boolean take(List<String> fields) {
    past = true;
    if (!said.orElse(true)) {
      return false;
    }
    Optional<TripleColumns> named = TripleColumns.named(fields);
    columns = named.orElse(columns);
    return named.isPresent() || said.isPresent();
  }

  TripleColumns columns() {
    return columns;
  }

  FileFormatException wrongFields(long line, List<String> fields) {
    return FileFormatException.atLine(
        file,
        line,
        "has "
            + fields.size()
            + (fields.size() == 1 ? " field" : " fields")
            + ", but a triple has 3: head, relation and tail"
            + (fields.get(0).startsWith("#")
                ? "; KnowledgeGraph.reader().comments('#') leaves out comments"
                : ""));
  }
}
