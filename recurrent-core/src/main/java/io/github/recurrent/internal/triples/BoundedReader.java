package io.github.recurrent.internal.triples;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Refuses to read on where a triple has no end, as a parser holds all of it in memory. */
final class BoundedReader extends FilterReader {
  private final long most;
  private long read;

  /**
   * @param most the most characters of a triple
   */
  BoundedReader(Reader in, long most) {
    super(in);
    this.most = most;
  }

  /** Begins to count anew: a triple has ended. */
  void begin() {
    read = 0;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    count(c < 0 ? 0 : 1);
    return c;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    count(Math.max(count, 0));
    return count;
  }

  private void count(int characters) throws TooLongException {
    read += characters;
    if (read > most) {
      throw new TooLongException(most);
    }
  }

  /** Tells that a triple is too long. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    TooLongException(long most) {
      super(
          "a triple begins here that has more than "
              + most
              + " characters; each triple must be on a line of its own, and a quote must be closed");
    }
  }
}
