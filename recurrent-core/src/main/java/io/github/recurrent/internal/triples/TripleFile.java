package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.NameTable;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a file of triples in the format that its name says. */
public final class TripleFile {
  private TripleFile() {}

  /**
   * Reads the triples of a file, at least one.
   *
   * @throws FileFormatException if the file does not hold triples
   * @throws IllegalArgumentException if the file's name says no format
   * @throws IllegalStateException if the library that reads its format is missing
   */
  public static TripleCollector read(Path file, TripleChoices choices) throws IOException {
    TripleSource.requireFile(file);
    TripleCollector triples =
        IdFiles.has(file)
            ? IdFiles.of(file).read(file, choices)
            : read(file, choices, new NameTable(), new NameTable());
    triples.finish();
    return triples;
  }

  /** Reads the triples of a file, whose names are added to the tables. */
  static TripleCollector read(
      Path file, TripleChoices choices, NameTable entities, NameTable relations)
      throws IOException {
    TripleFormat format = TripleFormat.of(file);
    TripleCollector triples = new TripleCollector(file, entities, relations);
    try (TripleSource source = TripleSource.open(file, choices.progress())) {
      switch (format) {
        case TABS, TEXT ->
            SeparatedTriples.read(source, triples, choices, choices.separator().orElse('\t'));
        case COMMAS -> CsvTriples.read(source, triples, choices);
        case N_TRIPLES, TURTLE -> RdfFile.read(source, format, triples, choices);
      }
    }
    if (triples.triples().size() == 0) {
      throw FileFormatException.atLine(
          file, 1, "the file holds no triple of head, relation and tail");
    }
    return triples;
  }
}
