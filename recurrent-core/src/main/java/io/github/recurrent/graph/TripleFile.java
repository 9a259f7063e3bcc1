package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a graph from lines of head, relation and tail. */
final class TripleFile {
  private final Path file;
  private final RecordChecks checks;
  private final Map<String, Integer> entities = new LinkedHashMap<>();
  private final Map<String, Integer> relations = new LinkedHashMap<>();
  private final Map<Integer, SortedMap<Integer, Integer>> tails = new HashMap<>();
  private TripleColumns columns = TripleColumns.IN_ORDER;
  private boolean begun;
  private int facts;
  private long triples;
  private long repeated;
  private long firstRepeated;
  private long contradictory;
  private long firstContradictory;
  private String contradiction = "";

  private TripleFile(Path file, RecordChecks checks) {
    this.file = file;
    this.checks = checks;
  }

  static KnowledgeGraph read(
      Path file, Optional<Boolean> header, Optional<Character> comments, RecordChecks checks)
      throws IOException {
    CSVFormat.Builder format = format(file);
    comments.ifPresent(format::setCommentMarker);
    TripleFile triples = new TripleFile(file, checks);
    try (Utf8File text = Utf8File.open(file);
        CSVParser parser = CSVParser.builder().setReader(text).setFormat(format.get()).get()) {
      triples.readAll(parser, header);
    }
    triples.finish();
    return triples.graph();
  }

  private static CSVFormat.Builder format(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv")) {
      return CSVFormat.Builder.create(CSVFormat.TDF)
          .setQuote(null)
          .setIgnoreEmptyLines(false)
          .setIgnoreSurroundingSpaces(false);
    }
    if (name.endsWith(".csv")) {
      return CSVFormat.Builder.create(CSVFormat.RFC4180).setIgnoreSurroundingSpaces(true);
    }
    throw new IllegalArgumentException(
        file + " must be a .tsv or .csv file, so that its separator is known");
  }

  private void readAll(CSVParser parser, Optional<Boolean> header) throws IOException {
    long line = 0;
    try {
      for (CSVRecord record : parser) {
        line = parser.getCurrentLineNumber();
        read(line - lineBreaks(record), fields(record), header);
      }
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      if (cause instanceof MalformedTextException malformed) {
        throw FileFormatException.atLine(file, malformed.line(), malformed.problem(), malformed);
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
    List<String> fields = record.stream().map(TripleFile::stripped).toList();
    int size = fields.size();
    while (size > 0 && fields.get(size - 1).isEmpty() && (size > 3 || isBlank(fields))) {
      size--;
    }
    return fields.subList(0, size);
  }

  private static boolean isBlank(List<String> fields) {
    return fields.stream().allMatch(String::isEmpty);
  }

  private static String stripped(String field) {
    int from = 0;
    int to = field.length();
    while (from < to && isBlank(field.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(field.charAt(to - 1))) {
      to--;
    }
    return field.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private void read(long line, List<String> fields, Optional<Boolean> header)
      throws FileFormatException {
    if (fields.isEmpty()) {
      return;
    }
    boolean first = !begun;
    begun = true;
    if (first && header.orElse(true)) {
      Optional<TripleColumns> named = TripleColumns.named(fields);
      columns = named.orElse(columns);
      if (named.isPresent() || header.isPresent()) {
        return;
      }
    }
    add(line, fields);
  }

  private void add(long line, List<String> fields) throws FileFormatException {
    if (fields.size() != TripleColumns.NAMES.size()) {
      throw FileFormatException.atLine(
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
    String head = name(line, "head", fields.get(columns.head()));
    String relation = name(line, "relation", fields.get(columns.relation()));
    String tail = name(line, "tail", fields.get(columns.tail()));
    int headNumber = number(entities, head);
    int relationNumber = number(relations, relation);
    int tailNumber = number(entities, tail);
    triples++;
    Integer former =
        tails
            .computeIfAbsent(headNumber, unused -> new TreeMap<>())
            .putIfAbsent(relationNumber, tailNumber);
    if (former == null) {
      facts++;
    } else if (former == tailNumber) {
      firstRepeated = repeated++ == 0 ? line : firstRepeated;
    } else if (contradictory++ == 0) {
      firstContradictory = line;
      contradiction =
          "gives "
              + head
              + " the tail "
              + tail
              + " by "
              + relation
              + ", but an earlier line gives it "
              + ImmutableList.copyOf(entities.keySet()).get(former);
    }
  }

  private String name(long line, String column, String name) throws FileFormatException {
    if (LookAlikes.look(name).isBlank()) {
      throw FileFormatException.atLine(
          file, line, "the " + column + " is \"" + name + "\", but a name must have text");
    }
    if (name.startsWith("<") && name.endsWith(">")) {
      throw FileFormatException.atLine(
          file,
          line,
          "the "
              + column
              + " is \""
              + name
              + "\", in angle brackets as in N-Triples; a name must come without them");
    }
    return name;
  }

  private static int number(Map<String, Integer> names, String name) {
    Integer known = names.putIfAbsent(name, names.size());
    return known == null ? names.size() - 1 : known;
  }

  private void finish() throws FileFormatException {
    if (facts == 0) {
      throw FileFormatException.atLine(
          file, 1, "the file holds no triple of head, relation and tail");
    }
    if (contradictory > 0 && checks.contradictory() == RecordChecks.Policy.REFUSE) {
      throw FileFormatException.atLine(
          file,
          firstContradictory,
          contradiction
              + "; a head has at most one tail by each relation, but of "
              + triples
              + " triples "
              + contradictory
              + " give another");
    }
    if (repeated > 0 && checks.repeated() == RecordChecks.Policy.REFUSE) {
      throw FileFormatException.atLine(
          file,
          firstRepeated,
          "repeats an earlier triple, as do " + repeated + " of " + triples + " triples in all");
    }
    checks
        .listener()
        .accept(
            new RecordChecks.Counts(
                file, "line", triples, repeated, firstRepeated, contradictory, firstContradictory));
    LookAlikes.warn(file, "entities", entities.keySet());
    LookAlikes.warn(file, "relations", relations.keySet());
  }

  private KnowledgeGraph graph() {
    int[] firstFacts = new int[entities.size() + 1];
    int[] factRelations = new int[facts];
    int[] factTails = new int[facts];
    int fact = 0;
    for (int head = 0; head < entities.size(); head++) {
      firstFacts[head] = fact;
      for (Map.Entry<Integer, Integer> edge :
          tails.getOrDefault(head, new TreeMap<>()).entrySet()) {
        factRelations[fact] = edge.getKey();
        factTails[fact] = edge.getValue();
        fact++;
      }
    }
    firstFacts[entities.size()] = fact;
    return new KnowledgeGraph(
        entities.keySet().toArray(String[]::new),
        relations.keySet().toArray(String[]::new),
        firstFacts,
        factRelations,
        factTails);
  }
}
