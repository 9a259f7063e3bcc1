package io.github.recurrent.checkpoint;

import io.github.recurrent.internal.json.JsonFormatException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when a file of a checkpoint does not hold what it must; the message says what and where.
 */
public final class CheckpointFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  CheckpointFormatException(JsonFormatException cause) {
    super(cause.getMessage(), cause);
  }

  CheckpointFormatException(Path file, String detail) {
    super(file + ": " + detail);
  }

  CheckpointFormatException(Path file, String detail, Throwable cause) {
    super(file + ": " + detail, cause);
  }
}
