package io.github.recurrent.internal.triples;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.internal.folder.CompleteFile;
import io.github.recurrent.internal.storage.NameTable;
import io.github.recurrent.internal.storage.SortedFacts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes facts as a file of triples. */
public final class TripleWriter {
  private static final int BUFFER = 1 << 16;
  private static final byte[] HEADER =
      (String.join("\t", TripleColumns.NAMES) + "\n").getBytes(StandardCharsets.UTF_8);

  private final NameTable entities;
  private final NameTable relations;
  private final SortedFacts facts;

  private TripleWriter(NameTable entities, NameTable relations, SortedFacts facts) {
    this.entities = entities;
    this.relations = relations;
    this.facts = facts;
  }

  /**
   * Writes facts, one a line; the file changes from one complete state to the next.
   *
   * @throws IllegalArgumentException if the file's name does not say tabs, or a name would not be
   *     read as it is
   */
  public static void write(Path file, NameTable entities, NameTable relations, SortedFacts facts)
      throws IOException {
    checkArgument(
        TripleFormat.find(file).filter(TripleFormat.TABS::equals).isPresent(),
        "%s must be a .tsv or .tsv.gz file",
        file);
    requireWritable("entity", entities);
    requireWritable("relation", relations);
    try {
      TripleWriter writer = new TripleWriter(entities, relations, facts);
      CompleteFile.write(file, out -> writer.writeTo(out, TripleFormat.isCompressed(file)));
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private void writeTo(OutputStream out, boolean compressed) throws IOException {
    try (OutputStream lines = compressed ? new Gzip(out) : new BufferedOutputStream(out, BUFFER)) {
      write(lines);
    }
  }

  /** Names must be read as they are. */
  private static void requireWritable(String kind, NameTable names) {
    byte[] bytes = names.bytes();
    for (int number = 0; number < names.size(); number++) {
      int start = names.start(number);
      int end = names.end(number);
      boolean separated = false;
      for (int index = start; index < end; index++) {
        separated |= bytes[index] == '\t' || bytes[index] == '\n' || bytes[index] == '\r';
      }
      boolean angles = bytes[start] == '<' && bytes[end - 1] == '>';
      boolean stripped =
          Blanks.skip(bytes, start, end) > start || Blanks.skipBack(bytes, start, end) < end;
      if (separated || angles || stripped || end - start > TripleCollector.LONGEST_NAME) {
        throw new IllegalArgumentException(
            "the "
                + kind
                + " \""
                + names.name(number)
                + "\" would not be read as it is: a name in a .tsv file has at most "
                + TripleCollector.LONGEST_NAME
                + " bytes, no tab or line break, no white space around it, and does not stand in"
                + " angle brackets");
      }
    }
  }

  private void write(OutputStream out) throws IOException {
    // Always there, as the first triple could look like one.
    out.write(HEADER);
    for (int head = 0; head < facts.entities(); head++) {
      for (int fact = facts.first(head); fact < facts.first(head + 1); fact++) {
        write(entities, head, '\t', out);
        write(relations, facts.relation(fact), '\t', out);
        write(entities, facts.tail(fact), '\n', out);
      }
    }
  }

  private static void write(NameTable names, int number, char end, OutputStream out)
      throws IOException {
    int start = names.start(number);
    out.write(names.bytes(), start, names.end(number) - start);
    out.write(end);
  }

  /** Compresses fast: the file is about a tenth larger, and written in a third of the time. */
  private static final class Gzip extends BufferedOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(new Stream(out), BUFFER);
    }

    private static final class Stream extends GZIPOutputStream {
      Stream(OutputStream out) throws IOException {
        super(out, BUFFER);
        def.setLevel(Deflater.BEST_SPEED);
      }
    }
  }
}
