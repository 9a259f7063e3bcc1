package io.github.recurrent.internal.triples;

import com.google.common.io.CountingInputStream;
import io.github.recurrent.file.FileFormatException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** What a file holds, without its compression, with reports of how much of it is read. */
public final class TripleSource extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  /** About a second's work. */
  private static final long LINES_BETWEEN_REPORTS = 1 << 20;

  /** Is told how much of a file is read. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Tells that some of a file is read.
     *
     * @param lines the number of lines that are read, or of statements in RDF
     * @param bytes the number of bytes that are read, compressed ones in a {@code .gz} file
     * @param size the number of bytes of the file
     */
    void isRead(Path file, long lines, long bytes, long size);
  }

  private final Path file;
  private final CountingInputStream stored;
  private final long size;
  private final Optional<Listener> listener;
  private long nextReport = LINES_BETWEEN_REPORTS;

  private TripleSource(
      Path file, InputStream content, CountingInputStream stored, Optional<Listener> listener)
      throws IOException {
    super(content);
    this.file = file;
    this.stored = stored;
    this.size = Files.size(file);
    this.listener = listener;
  }

  /**
   * Opens a file, which is compressed if its name ends in {@code .gz}.
   *
   * @throws FileFormatException if it is a folder or not compressed as its name says
   * @throws IOException if it cannot be opened
   */
  static TripleSource open(Path file, Optional<Listener> listener) throws IOException {
    requireFile(file);
    CountingInputStream stored = new CountingInputStream(Files.newInputStream(file));
    try {
      InputStream content =
          TripleFormat.isCompressed(file) ? new GZIPInputStream(stored, BUFFER) : stored;
      return new TripleSource(file, content, stored, listener);
    } catch (IOException e) {
      stored.close();
      throw explained(file, e);
    }
  }

  static void requireFile(Path file) throws FileFormatException {
    if (Files.isDirectory(file)) {
      throw new FileFormatException(
          file,
          "is a folder, but must be a file of triples; KnowledgeGraph.readSplits reads a folder of"
              + " train, valid and test files");
    }
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (IOException e) {
      throw explained(file, e);
    }
  }

  private static IOException explained(Path file, IOException problem) {
    if (problem instanceof EOFException) {
      return new FileFormatException(
          file,
          "ends within its compressed data, as a file does that was not copied whole",
          problem);
    }
    if (problem instanceof ZipException) {
      return new FileFormatException(
          file,
          "is not valid gzip ("
              + problem.getMessage()
              + "); a file that is not compressed must be named without .gz",
          problem);
    }
    return new IOException(file + ": " + problem.getMessage(), problem);
  }

  /** Counts lines, and reports them from time to time. */
  void read(long lines) {
    if (lines >= nextReport) {
      nextReport = lines + LINES_BETWEEN_REPORTS;
      report(lines);
    }
  }

  /** Tells the listener that so many lines are read. */
  void report(long lines) {
    listener.ifPresent(told -> told.isRead(file, lines, stored.getCount(), size));
  }
}
