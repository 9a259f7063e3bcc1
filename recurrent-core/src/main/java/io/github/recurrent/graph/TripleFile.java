package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a graph from lines of head, relation and tail. */
final class TripleFile {
  private static final ImmutableList<String> COLUMNS = ImmutableList.of("head", "relation", "tail");

  private final Path file;
  private final Map<String, Integer> entities = new LinkedHashMap<>();
  private final Map<String, Integer> relations = new LinkedHashMap<>();
  private final Map<Integer, SortedMap<Integer, Integer>> tails = new HashMap<>();
  private int facts;

  private TripleFile(Path file) {
    this.file = file;
  }

  static KnowledgeGraph read(Path file) throws IOException {
    TripleFile triples = new TripleFile(file);
    try (CSVParser parser = CSVParser.builder().setPath(file).setFormat(format(file)).get()) {
      for (CSVRecord line : parser) {
        triples.add(parser.getCurrentLineNumber(), line);
      }
    } catch (UncheckedIOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (triples.facts == 0) {
      throw new TripleFormatException(file, 1, "there is no triple of head, relation and tail");
    }
    return triples.graph();
  }

  private static CSVFormat format(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv")) {
      return CSVFormat.Builder.create(CSVFormat.TDF)
          .setQuote(null)
          .setIgnoreSurroundingSpaces(false)
          .get();
    }
    if (name.endsWith(".csv")) {
      return CSVFormat.RFC4180;
    }
    throw new IllegalArgumentException(
        file + " must be a .tsv or .csv file, so that its separator is known");
  }

  private void add(long line, CSVRecord record) throws TripleFormatException {
    if (record.size() != COLUMNS.size()) {
      throw new TripleFormatException(
          file,
          line,
          "has " + record.size() + " fields, but a triple has 3: head, relation and tail");
    }
    for (int column = 0; column < COLUMNS.size(); column++) {
      String name = record.get(column);
      if (name.isBlank() || name.indexOf('<') >= 0 || name.indexOf('>') >= 0) {
        throw new TripleFormatException(
            file,
            line,
            "the "
                + COLUMNS.get(column)
                + " is \""
                + name
                + "\", but a name must have text and neither < nor >");
      }
    }
    int head = number(entities, record.get(0));
    int relation = number(relations, record.get(1));
    int tail = number(entities, record.get(2));
    Integer former = tails.computeIfAbsent(head, unused -> new TreeMap<>()).put(relation, tail);
    if (former == null) {
      facts++;
    } else if (former != tail) {
      throw new TripleFormatException(
          file,
          line,
          "gives "
              + record.get(0)
              + " the tail "
              + record.get(2)
              + " by "
              + record.get(1)
              + ", but an earlier line gives it "
              + ImmutableList.copyOf(entities.keySet()).get(former)
              + "; a head has at most one tail by each relation");
    }
  }

  private static int number(Map<String, Integer> names, String name) {
    Integer known = names.putIfAbsent(name, names.size());
    return known == null ? names.size() - 1 : known;
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
