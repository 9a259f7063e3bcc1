package io.github.recurrent.internal.triples;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a text and their fields, as the bytes that they are, so that what repeats a known
 * name needs no decoding. Lines end with LF, CR or both. A byte order mark is left out. Not
 * thread-safe.
 */
final class SeparatedLines {
  /** Room for three of the longest names. */
  static final int LONGEST_LINE = 4 * TripleCollector.LONGEST_NAME;

  private static final int BUFFER = 1 << 17;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Path file;
  private final InputStream in;
  private final byte separator;
  private byte[] text = new byte[BUFFER];
  private int position;
  private int limit;
  private boolean ended;
  private boolean afterReturn;
  private long line;
  private int lineStart;
  private int lineEnd;
  private int[] starts = new int[8];
  private int[] ends = new int[8];
  private int fields;

  /**
   * @param separator an ASCII character that ends no line
   */
  SeparatedLines(Path file, InputStream in, char separator) {
    this.file = file;
    this.in = in;
    this.separator = (byte) separator;
  }

  /** Goes to the next line, and returns whether there is one. */
  boolean next() throws IOException {
    if (line == 0) {
      fill();
      if (limit >= BYTE_ORDER_MARK.length
          && Arrays.equals(text, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3)) {
        position = BYTE_ORDER_MARK.length;
      }
    }
    if (!hasMore()) {
      return false;
    }
    if (afterReturn && text[position] == '\n') {
      position++;
      if (!hasMore()) {
        return false;
      }
    }
    line++;
    while (!split()) {
      fill();
    }
    return true;
  }

  /** Returns the line's number, from 1. */
  long line() {
    return line;
  }

  /** Returns the bytes in which the line lies, until the next is asked for. */
  byte[] text() {
    return text;
  }

  int lineStart() {
    return lineStart;
  }

  int lineEnd() {
    return lineEnd;
  }

  int fields() {
    return fields;
  }

  /** Returns where each field begins. */
  int[] starts() {
    return starts;
  }

  /** Returns where each field ends. */
  int[] ends() {
    return ends;
  }

  private boolean hasMore() throws IOException {
    if (position == limit && !ended) {
      fill();
    }
    return position < limit;
  }

  /** Finds the fields of the line, and returns whether its end is there. */
  private boolean split() {
    byte[] read = text;
    int end = limit;
    int start = position;
    fields = 0;
    for (int index = position; index < end; index++) {
      byte found = read[index];
      if (found == separator) {
        addField(start, index);
        start = index + 1;
      } else if (found == '\n' || found == '\r') {
        addField(start, index);
        finish(index, index + 1);
        afterReturn = found == '\r';
        return true;
      }
    }
    if (ended) {
      addField(start, end);
      finish(end, end);
    }
    return ended;
  }

  private void finish(int end, int next) {
    lineStart = position;
    lineEnd = end;
    position = next;
  }

  private void addField(int start, int end) {
    if (fields == starts.length) {
      starts = Arrays.copyOf(starts, 2 * fields);
      ends = Arrays.copyOf(ends, 2 * fields);
    }
    starts[fields] = start;
    ends[fields++] = end;
  }

  /** Reads as much as there is room for, behind what is left of the line. */
  private void fill() throws IOException {
    int left = limit - position;
    if (left == text.length) {
      if (left >= LONGEST_LINE) {
        throw tooLong();
      }
      text = Arrays.copyOf(text, 2 * text.length);
    } else {
      System.arraycopy(text, position, text, 0, left);
    }
    position = 0;
    limit = left + in.readNBytes(text, left, text.length - left);
    ended = limit < text.length;
  }

  private FileFormatException tooLong() throws IOException {
    long length = text.length;
    while (true) {
      int count = in.readNBytes(text, 0, text.length);
      for (int index = 0; index < count; index++) {
        if (text[index] == '\n' || text[index] == '\r') {
          return tooLong(length + index);
        }
      }
      length += count;
      if (count < text.length) {
        return tooLong(length);
      }
    }
  }

  private FileFormatException tooLong(long length) {
    return FileFormatException.atLine(
        file,
        line,
        "has "
            + length
            + " bytes, but a line has at most "
            + LONGEST_LINE
            + "; each triple must be on a line of its own");
  }
}
