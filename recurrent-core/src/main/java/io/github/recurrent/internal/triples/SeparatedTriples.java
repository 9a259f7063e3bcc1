package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads triples whose names have a separator between them, and no quotes. */
final class SeparatedTriples {
  private final TripleCollector triples;
  private final TripleHeader header;
  private final SeparatedLines lines;
  private final byte[] comment;

  private SeparatedTriples(TripleCollector triples, TripleChoices choices, SeparatedLines lines) {
    this.triples = triples;
    this.header = new TripleHeader(triples.file(), choices);
    this.lines = lines;
    this.comment =
        choices
            .comments()
            .map(marker -> marker.toString().getBytes(StandardCharsets.UTF_8))
            .orElse(new byte[0]);
  }

  static void read(
      TripleSource source, TripleCollector triples, TripleChoices choices, char separator)
      throws IOException {
    SeparatedLines lines = new SeparatedLines(triples.file(), source, separator);
    SeparatedTriples reader = new SeparatedTriples(triples, choices, lines);
    while (lines.next()) {
      source.read(lines.line());
      reader.readLine();
    }
    source.report(lines.line());
  }

  private void readLine() throws FileFormatException {
    if (isComment()) {
      return;
    }
    byte[] text = lines.text();
    int fields = strip(text);
    if (fields == 0 || (!header.isPast() && header.take(strings(text, fields)))) {
      return;
    }
    if (fields != TripleColumns.NAMES.size()) {
      triples.requireUtf8(
          lines.line(), text, lines.lineStart(), lines.lineEnd(), lines.line() == 1);
      throw header.wrongFields(lines.line(), strings(text, fields));
    }
    triples.add(lines.line(), text, lines.starts(), lines.ends(), header.columns());
  }

  private boolean isComment() {
    int start = lines.lineStart();
    return comment.length > 0
        && lines.lineEnd() - start >= comment.length
        && Arrays.equals(lines.text(), start, start + comment.length, comment, 0, comment.length);
  }

  /** Strips the fields, and returns their number without blank ones that count for nothing. */
  private int strip(byte[] text) {
    int[] starts = lines.starts();
    int[] ends = lines.ends();
    int named = 0;
    for (int field = 0; field < lines.fields(); field++) {
      starts[field] = Blanks.skip(text, starts[field], ends[field]);
      ends[field] = Blanks.skipBack(text, starts[field], ends[field]);
      if (starts[field] < ends[field]) {
        named = field + 1;
      }
    }
    return named == 0 ? 0 : Math.max(named, Math.min(lines.fields(), TripleColumns.NAMES.size()));
  }

  private List<String> strings(byte[] text, int fields) {
    List<String> strings = new ArrayList<>();
    for (int field = 0; field < fields; field++) {
      int start = lines.starts()[field];
      strings.add(new String(text, start, lines.ends()[field] - start, StandardCharsets.UTF_8));
    }
    return strings;
  }
}
