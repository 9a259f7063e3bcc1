package io.github.recurrent.internal.triples;

import com.google.common.base.Utf8;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.NameTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The files of a graph as OpenKE writes them: a count, then a line for each name with its id, or
 * for each triple with the ids of head, tail and relation.
 */
final class IdFiles {
  private static final String ENTITIES = "entity2id.txt";
  private static final String RELATIONS = "relation2id.txt";
  private static final ImmutableSet<String> TRIPLES =
      ImmutableSet.of("train2id.txt", "valid2id.txt", "test2id.txt");

  private final Names entities;
  private final Names relations;

  private IdFiles(Names entities, Names relations) {
    this.entities = entities;
    this.relations = relations;
  }

  /** Names and, by id, their numbers. */
  private record Names(NameTable table, ImmutableIntArray numbers) {}

  /** Returns whether a file holds triples of ids, and the files of names are beside it. */
  static boolean has(Path file) {
    return TRIPLES.contains(String.valueOf(file.getFileName()))
        && Files.exists(file.resolveSibling(ENTITIES))
        && Files.exists(file.resolveSibling(RELATIONS));
  }

  /**
   * Reads the names.
   *
   * @param triples a file of ids beside them
   */
  static IdFiles of(Path triples) throws IOException {
    return new IdFiles(
        names(triples.resolveSibling(ENTITIES)), names(triples.resolveSibling(RELATIONS)));
  }

  NameTable entities() {
    return entities.table();
  }

  NameTable relations() {
    return relations.table();
  }

  TripleCollector read(Path file, TripleChoices choices) throws IOException {
    TripleCollector triples = new TripleCollector(file, entities.table(), relations.table());
    try (TripleSource source = TripleSource.open(file, choices.progress())) {
      SeparatedLines lines = new SeparatedLines(file, source, '\t');
      int count = count(file, lines);
      while (lines.next()) {
        source.read(lines.line());
        if (!isBlank(lines)) {
          add(file, lines, triples);
        }
      }
      source.report(lines.line());
      requireCount(file, count, triples.triples().size());
    }
    if (triples.triples().size() == 0) {
      throw new FileFormatException(file, "holds no triple of head, tail and relation");
    }
    return triples;
  }

  private void add(Path file, SeparatedLines lines, TripleCollector triples)
      throws FileFormatException {
    String[] ids = text(file, lines).strip().split("\\s+", -1);
    if (ids.length != TripleColumns.NAMES.size()) {
      throw FileFormatException.atLine(
          file,
          lines.line(),
          "has " + ids.length + " fields, but needs 3 ids: head, tail and relation");
    }
    int head = number(file, lines.line(), ids[0], entities);
    int tail = number(file, lines.line(), ids[1], entities);
    int relation = number(file, lines.line(), ids[2], relations);
    try {
      triples.add(lines.line(), head, relation, tail);
    } catch (IllegalArgumentException e) {
      throw FileFormatException.atLine(file, lines.line(), String.valueOf(e.getMessage()), e);
    }
  }

  private static int number(Path file, long line, String id, Names names)
      throws FileFormatException {
    return names.numbers().get(id(file, line, id, names.numbers().length()));
  }

  private static Names names(Path file) throws IOException {
    NameTable table = new NameTable();
    try (TripleSource source = TripleSource.open(file, Optional.empty())) {
      SeparatedLines lines = new SeparatedLines(file, source, '\t');
      int[] numbers = new int[count(file, lines)];
      Arrays.fill(numbers, -1);
      while (lines.next()) {
        if (!isBlank(lines)) {
          addName(file, lines, table, numbers);
        }
      }
      requireCount(file, numbers.length, table.size());
      return new Names(table, ImmutableIntArray.copyOf(numbers));
    }
  }

  private static void addName(Path file, SeparatedLines lines, NameTable table, int[] numbers)
      throws FileFormatException {
    String text = text(file, lines).strip();
    int end = text.length();
    while (end > 0 && !Blanks.isBlank(text.charAt(end - 1))) {
      end--;
    }
    String name = text.substring(0, end).strip();
    if (name.isEmpty()) {
      throw FileFormatException.atLine(
          file, lines.line(), "is \"" + text + "\", but needs a name and its id");
    }
    int id = id(file, lines.line(), text.substring(end), numbers.length);
    int former = table.size();
    int number = table.add(name);
    if (numbers[id] >= 0 || number < former) {
      throw FileFormatException.atLine(
          file,
          lines.line(),
          "gives the id " + id + " to \"" + name + "\", but one of them is given already");
    }
    numbers[id] = number;
  }

  private static int count(Path file, SeparatedLines lines) throws IOException {
    String text = lines.next() ? text(file, lines).strip() : "";
    try {
      int count = Integer.parseInt(text);
      // No line is shorter, so that a wrong count asks for no memory.
      if (count >= 0 && 2L * count <= Files.size(file)) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw FileFormatException.atLine(
        file, 1, "is \"" + text + "\", but must be the number of lines that follow");
  }

  private static void requireCount(Path file, int count, int found) throws FileFormatException {
    if (count != found) {
      throw FileFormatException.atLine(
          file, 1, "says that " + count + " lines follow, but " + found + " do");
    }
  }

  private static int id(Path file, long line, String text, int count) throws FileFormatException {
    try {
      int id = Integer.parseInt(text);
      if (0 <= id && id < count) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw FileFormatException.atLine(
        file, line, "has the id \"" + text + "\", but ids are numbers from 0 to " + (count - 1));
  }

  private static boolean isBlank(SeparatedLines lines) {
    return Blanks.skip(lines.text(), lines.lineStart(), lines.lineEnd()) == lines.lineEnd();
  }

  private static String text(Path file, SeparatedLines lines) throws FileFormatException {
    int start = lines.lineStart();
    int length = lines.lineEnd() - start;
    if (!Utf8.isWellFormed(lines.text(), start, length)) {
      throw FileFormatException.atLine(file, lines.line(), "is not UTF-8; save the file as UTF-8");
    }
    return new String(lines.text(), start, length, StandardCharsets.UTF_8);
  }
}
