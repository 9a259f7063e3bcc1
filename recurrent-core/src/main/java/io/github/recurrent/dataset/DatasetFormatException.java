package io.github.recurrent.dataset;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a dataset breaks the format; the message says where and how. */
public final class DatasetFormatException extends IOException {
  private static final long serialVersionUID = 1;

  DatasetFormatException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }

  DatasetFormatException(Path file, long record, String problem, @Nullable Throwable cause) {
    this(file, "record " + record + ": " + problem, cause);
  }
}
