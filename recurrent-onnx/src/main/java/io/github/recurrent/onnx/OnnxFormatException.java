package io.github.recurrent.onnx;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when a file of an exported model does not hold what it must; the message says what and
 * where.
 */
public final class OnnxFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  OnnxFormatException(Path file, String detail) {
    super(file + ": " + detail);
  }

  OnnxFormatException(Path file, String detail, Throwable cause) {
    super(file + ": " + detail, cause);
  }
}
