package io.github.recurrent.internal.json;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A JSON text is not what it must be; the message names the file and the field. */
public final class JsonFormatException extends IOException {
  private static final long serialVersionUID = 1;

  JsonFormatException(Path file, String problem) {
    this(file, problem, null);
  }

  JsonFormatException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
