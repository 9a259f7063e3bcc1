package io.github.recurrent.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that this library reads does not hold what it must: triples, a dataset, a checkpoint, or
 * an export. The message names the file, the place in it, and what is wrong there.
 *
 * <p>A file that cannot be read at all is told by another {@link IOException}.
 */
public final class FileFormatException extends IOException {
  private static final long serialVersionUID = 1;

  /** Paths are not serializable. */
  private final String file;

  private final String place;

  private FileFormatException(Path file, String place, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.file = file.toString();
    this.place = place;
  }

  /**
   * Creates the exception for a file as a whole, or a place in it that the problem names.
   *
   * @param problem what is wrong, as a sentence whose subject is the file
   */
  public FileFormatException(Path file, String problem) {
    this(file, problem, null);
  }

  /**
   * Creates the exception for a file as a whole, or a place in it that the problem names.
   *
   * @param problem what is wrong, as a sentence whose subject is the file
   */
  public FileFormatException(Path file, String problem, @Nullable Throwable cause) {
    this(file, "", file + ": " + problem, cause);
  }

  /** Returns the exception for a line of a file, counted from 1. */
  public static FileFormatException atLine(Path file, long line, String problem) {
    return atLine(file, line, problem, null);
  }

  /** Returns the exception for a line of a file, counted from 1. */
  public static FileFormatException atLine(
      Path file, long line, String problem, @Nullable Throwable cause) {
    return new FileFormatException(
        file, "line " + line, file + ", line " + line + ": " + problem, cause);
  }

  /** Returns the exception for a place in a file, such as {@code record 3}. */
  public static FileFormatException at(
      Path file, String place, String problem, @Nullable Throwable cause) {
    return new FileFormatException(file, place, file + ": " + place + ": " + problem, cause);
  }

  /**
   * Returns the path of the file, as it was given to the reader, or that of a file in its folder.
   */
  public String file() {
    return file;
  }

  /** Returns the place that is wrong, such as {@code line 12} or {@code record 3}, if it is one. */
  public Optional<String> place() {
    return place.isEmpty() ? Optional.empty() : Optional.of(place);
  }
}
