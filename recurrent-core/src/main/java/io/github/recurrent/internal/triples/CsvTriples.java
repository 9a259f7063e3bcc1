package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads triples whose names have commas between them and may be quoted (RFC 4180). */
final class CsvTriples {
  private final TripleCollector triples;
  private final TripleHeader header;
  private final int[] starts = new int[TripleColumns.NAMES.size()];
  private final int[] ends = new int[TripleColumns.NAMES.size()];

  private CsvTriples(TripleCollector triples, TripleChoices choices) {
    this.triples = triples;
    this.header = new TripleHeader(triples.file(), choices);
  }

  static void read(TripleSource source, TripleCollector triples, TripleChoices choices)
      throws IOException {
    CSVFormat.Builder format =
        CSVFormat.Builder.create(CSVFormat.RFC4180).setIgnoreSurroundingSpaces(true);
    choices.comments().ifPresent(format::setCommentMarker);
    choices.separator().ifPresent(format::setDelimiter);
    try (BoundedReader text =
            new BoundedReader(Utf8File.of(triples.file(), source), SeparatedLines.LONGEST_LINE);
        CSVParser parser = CSVParser.builder().setReader(text).setFormat(format.get()).get()) {
      new CsvTriples(triples, choices).readAll(source, text, parser);
    }
  }

  private void readAll(TripleSource source, BoundedReader text, CSVParser parser)
      throws IOException {
    Path file = triples.file();
    long line = 0;
    try {
      for (CSVRecord record : parser) {
        text.begin();
        line = parser.getCurrentLineNumber();
        source.read(line);
        read(line - lineBreaks(record), fields(record));
      }
      source.report(line);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      if (cause instanceof FileFormatException) {
        throw cause;
      }
      if (cause instanceof MalformedTextException malformed) {
        throw FileFormatException.atLine(file, malformed.line(), malformed.problem(), malformed);
      }
      if (cause instanceof BoundedReader.TooLongException) {
        throw FileFormatException.atLine(file, line + 1, String.valueOf(cause.getMessage()), cause);
      }
      if (cause instanceof CSVException) {
        throw FileFormatException.atLine(
            file,
            line + 1,
            "a triple begins here with a quote that is not closed, or with text behind a closing"
                + " quote; a quote within a quoted name must be doubled",
            cause);
      }
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the number of line breaks within the quoted fields of a record. */
  private static long lineBreaks(CSVRecord record) {
    long breaks = 0;
    for (String field : record) {
      for (int index = 0; index < field.length(); index++) {
        char c = field.charAt(index);
        if (c == '\r' || (c == '\n' && (index == 0 || field.charAt(index - 1) != '\r'))) {
          breaks++;
        }
      }
    }
    return breaks;
  }

  /** Returns the fields up to the last that is not blank, without white space around them. */
  private static List<String> fields(CSVRecord record) {
    List<String> fields = record.stream().map(Blanks::strip).toList();
    int size = fields.size();
    while (size > 0 && fields.get(size - 1).isEmpty() && (size > 3 || isBlank(fields))) {
      size--;
    }
    return fields.subList(0, size);
  }

  private static boolean isBlank(List<String> fields) {
    return fields.stream().allMatch(String::isEmpty);
  }

  private void read(long line, List<String> fields) throws FileFormatException {
    if (fields.isEmpty() || (!header.isPast() && header.take(fields))) {
      return;
    }
    if (fields.size() != starts.length) {
      throw header.wrongFields(line, fields);
    }
    byte[] text = String.join("", fields).getBytes(StandardCharsets.UTF_8);
    int end = 0;
    for (int field = 0; field < starts.length; field++) {
      starts[field] = end;
      end += fields.get(field).getBytes(StandardCharsets.UTF_8).length;
      ends[field] = end;
    }
    triples.add(line, text, starts, ends, header.columns());
  }
}
