package io.github.recurrent.graph;

import java.io.IOException;
import java.nio.file.Path;

/** A file of triples breaks a rule; the message says where and which. */
public final class TripleFormatException extends IOException {
  private static final long serialVersionUID = 1;

  TripleFormatException(Path file, long line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }

  TripleFormatException(Path file, long line, String problem, Throwable cause) {
    super(file + ", line " + line + ": " + problem, cause);
  }
}
