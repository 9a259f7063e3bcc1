package io.github.recurrent.internal.triples;

import com.google.common.base.Utf8;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The triples of a file, by the numbers of their names. Not thread-safe. */
public final class TripleCollector {
  /** Far more than a name has. */
  static final int LONGEST_NAME = 1 << 20;

  private static final int SHOWN = 40;

  private final Path file;
  private final NameTable entities;
  private final NameTable relations;
  private final FactColumns triples;
  private final LineNumbers lines = new LineNumbers();

  /** The tables may have names already, of other files. */
  TripleCollector(Path file, NameTable entities, NameTable relations) {
    this(file, entities, relations, new FactColumns());
  }

  TripleCollector(Path file, NameTable entities, NameTable relations, FactColumns triples) {
    this.file = file;
    this.entities = entities;
    this.relations = relations;
    this.triples = triples;
  }

  public Path file() {
    return file;
  }

  public NameTable entities() {
    return entities;
  }

  public NameTable relations() {
    return relations;
  }

  public FactColumns triples() {
    return triples;
  }

  /** Ends the reading, as no name follows: warns of names that are not what they look like. */
  void finish() {
    finish(file, entities, relations);
  }

  static void finish(Path file, NameTable entities, NameTable relations) {
    entities.trim();
    relations.trim();
    LookAlikes.warn(file, "entities", entities);
    LookAlikes.warn(file, "relations", relations);
  }

  /** Returns the line of a triple, from 1. */
  public long line(int triple) {
    return lines.line(triple);
  }

  /**
   * Adds the triple of a line.
   *
   * @param text UTF-8
   * @param starts where each field of the line begins in the text
   * @param ends where each field ends
   * @throws FileFormatException if a name is bad
   */
  void add(long line, byte[] text, int[] starts, int[] ends, TripleColumns columns)
      throws FileFormatException {
    try {
      int head = number(entities, line, "head", text, starts, ends, columns.head());
      int relation = number(relations, line, "relation", text, starts, ends, columns.relation());
      int tail = number(entities, line, "tail", text, starts, ends, columns.tail());
      add(line, head, relation, tail);
    } catch (IllegalArgumentException e) {
      throw FileFormatException.atLine(file, line, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Adds the triple of a line, by numbers of the tables.
   *
   * @throws IllegalArgumentException if a graph holds no more
   */
  void add(long line, int head, int relation, int tail) {
    lines.add(triples.size(), line);
    triples.add(head, relation, tail);
  }

  private int number(
      NameTable names, long line, String role, byte[] text, int[] starts, int[] ends, int column)
      throws FileFormatException {
    int from = starts[column];
    int to = ends[column];
    if (to - from > LONGEST_NAME) {
      throw FileFormatException.atLine(
          file,
          line,
          "the "
              + role
              + " has "
              + (to - from)
              + " bytes, but a name has at most "
              + LONGEST_NAME
              + "; it begins with \""
              + new String(text, from, SHOWN, StandardCharsets.UTF_8)
              + '"');
    }
    int former = names.size();
    int number = names.add(text, from, to);
    if (number == former) {
      check(line, role, text, from, to);
    }
    return number;
  }

  /** Checks a name that is new; those that the tables have already passed. */
  private void check(long line, String role, byte[] text, int from, int to)
      throws FileFormatException {
    if (isPlain(text, from, to)) {
      return;
    }
    requireUtf8(line, text, from, to, line == 1 && role.equals("head"));
    String name = new String(text, from, to - from, StandardCharsets.UTF_8);
    if (LookAlikes.isBlank(name)) {
      throw FileFormatException.atLine(
          file, line, "the " + role + " is \"" + name + "\", but a name must have text");
    }
    if (name.startsWith("<") && name.endsWith(">")) {
      throw FileFormatException.atLine(
          file,
          line,
          "the "
              + role
              + " is \""
              + name
              + "\", in angle brackets as in N-Triples; a name must come without them, and a file of"
              + " N-Triples must be named .nt");
    }
  }

  /** Returns whether a name is ASCII and has neither blanks around it nor angle brackets. */
  private static boolean isPlain(byte[] text, int from, int to) {
    if (from == to || text[from] <= ' ' || text[to - 1] <= ' ' || text[from] == '<') {
      return false;
    }
    for (int index = from; index < to; index++) {
      if (text[index] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param begins whether the file may begin with the text
   * @throws FileFormatException if the text is not UTF-8
   */
  void requireUtf8(long line, byte[] text, int from, int to, boolean begins)
      throws FileFormatException {
    if (Utf8.isWellFormed(text, from, to - from)) {
      return;
    }
    ByteArrayOutputStream checked = new ByteArrayOutputStream();
    if (!begins) {
      checked.write('a');
    }
    checked.write(text, from, to - from);
    try (Utf8File read = Utf8File.of(file, new ByteArrayInputStream(checked.toByteArray()))) {
      read.transferTo(Writer.nullWriter());
    } catch (MalformedTextException e) {
      throw FileFormatException.atLine(file, line, e.problem(), e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
