package io.github.recurrent.internal.triples;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The formats of files of triples. */
enum TripleFormat {
  TABS(".tsv"),
  COMMAS(".csv"),
  TEXT(".txt"),
  N_TRIPLES(".nt"),
  TURTLE(".ttl");

  private static final String COMPRESSED = ".gz";

  private final String suffix;

  TripleFormat(String suffix) {
    this.suffix = suffix;
  }

  /**
   * Returns the format that a file's name says.
   *
   * @throws IllegalArgumentException if it says none
   */
  static TripleFormat of(Path file) {
    return find(file)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    file
                        + " must be a .tsv, .csv, .txt, .nt or .ttl file, or one of these with .gz,"
                        + " so that its format is known"));
  }

  static Optional<TripleFormat> find(Path file) {
    String name = name(file);
    String content =
        name.endsWith(COMPRESSED) ? name.substring(0, name.length() - COMPRESSED.length()) : name;
    for (TripleFormat format : values()) {
      if (content.endsWith(format.suffix)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  static boolean isCompressed(Path file) {
    return name(file).endsWith(COMPRESSED);
  }

  /** Returns a file's name in lower case without what says its format. */
  static String stem(Path file) {
    String name = name(file);
    String content =
        name.endsWith(COMPRESSED) ? name.substring(0, name.length() - COMPRESSED.length()) : name;
    return find(file)
        .map(format -> content.substring(0, content.length() - format.suffix.length()))
        .orElse(name);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
  }
}
