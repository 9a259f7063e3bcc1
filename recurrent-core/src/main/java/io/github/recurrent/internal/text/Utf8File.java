package io.github.recurrent.internal.text;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The characters of a UTF-8 file, whatever the default charset of the virtual machine is. A byte
 * order mark in front is left out. Not thread-safe.
 */
public final class Utf8File extends Reader {
  private static final int BUFFER = 1 << 14;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final Path file;
  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
  private final CharBuffer chars = CharBuffer.allocate(BUFFER).limit(0);
  private boolean begun;
  private boolean ended;
  private long line = 1;
  private boolean afterReturn;

  private Utf8File(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Opens a file. Reading throws {@link MalformedTextException} where it is not UTF-8, after all
   * characters before that place.
   *
   * @throws IOException if the file cannot be opened
   */
  public static Utf8File open(Path file) throws IOException {
    return new Utf8File(file, Files.newInputStream(file));
  }

  /**
   * Reads what a file holds, as {@link #open} does, from a stream.
   *
   * @param file named in messages
   */
  public static Utf8File of(Path file, InputStream content) {
    return new Utf8File(file, content);
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!chars.hasRemaining() && !decode()) {
      return -1;
    }
    int count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  /** Decodes some characters, and returns whether there were any. */
  private boolean decode() throws IOException {
    while (true) {
      chars.clear();
      CoderResult result = decoder.decode(bytes, chars, ended);
      chars.flip();
      if (!begun && chars.hasRemaining()) {
        begun = true;
        if (chars.get(0) == BYTE_ORDER_MARK) {
          chars.get();
        }
      }
      if (chars.hasRemaining()) {
        countLines();
        return true;
      }
      if (result.isError()) {
        throw malformed(result.length());
      }
      if (ended) {
        return false;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    bytes.compact();
    int count;
    try {
      count = in.read(bytes.array(), bytes.position(), bytes.remaining());
    } catch (FileFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    ended = count < 0;
    bytes.position(bytes.position() + Math.max(count, 0)).flip();
  }

  private void countLines() {
    for (int index = chars.position(); index < chars.limit(); index++) {
      char c = chars.get(index);
      if (c == '\r' || (c == '\n' && !afterReturn)) {
        line++;
      }
      afterReturn = c == '\r';
    }
  }

  private MalformedTextException malformed(int length) {
    int first = bytes.get(bytes.position()) & 0xff;
    String found =
        HexFormat.of()
            .withPrefix("0x")
            .withDelimiter(" ")
            .formatHex(bytes.array(), bytes.position(), bytes.position() + length);
    boolean otherMark = !begun && (first == 0xfe || first == 0xff);
    return new MalformedTextException(
        file,
        line,
        "is not UTF-8, but has the bytes "
            + found
            + (otherMark ? ", as files in UTF-16 begin" : "")
            + "; save the file as UTF-8",
        ended && !otherMark && bytes.remaining() == length && isBeginning(first, length));
  }

  /** Returns whether so many bytes from a first one on are too few for a character. */
  private static boolean isBeginning(int first, int length) {
    int needed = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    return first < 0xf5 && length < needed;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
