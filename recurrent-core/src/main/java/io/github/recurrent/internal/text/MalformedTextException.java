package io.github.recurrent.internal.text;

import java.io.IOException;
import java.nio.file.Path;

/** A file that must be UTF-8 is not; the message names the file and the line. */
public final class MalformedTextException extends IOException {
  private static final long serialVersionUID = 1;

  private final long line;
  private final String problem;
  private final boolean cutOff;

  /**
   * @param cutOff whether the file ends within a character
   */
  MalformedTextException(Path file, long line, String problem, boolean cutOff) {
    super(file + ", line " + line + ": " + problem);
    this.line = line;
    this.problem = problem;
    this.cutOff = cutOff;
  }

  /** Returns the line, from 1, that holds the first bytes that are not UTF-8. */
  public long line() {
    return line;
  }

  /** Returns what is wrong there, without file and line. */
  public String problem() {
    return problem;
  }

  /** Returns whether the file ends within a character, as after an interrupted write. */
  public boolean isCutOff() {
    return cutOff;
  }
}
