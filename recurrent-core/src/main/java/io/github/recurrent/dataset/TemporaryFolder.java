package io.github.recurrent.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of temporary files, which are deleted when it is closed. What cannot be deleted then, as
 * files in use cannot on some systems, is left to the end of the program. Not thread-safe.
 */
final class TemporaryFolder implements AutoCloseable {
  /** Deletes files and empty folders. */
  @FunctionalInterface
  interface Deletion {
    /** Deletes a file or an empty folder if it is there. */
    void delete(Path path) throws IOException;
  }

  private final Path folder;
  private final Deletion deletion;
  private final List<Path> files = new ArrayList<>();

  private TemporaryFolder(Path folder, Deletion deletion) {
    this.folder = folder;
    this.deletion = deletion;
  }

  /** Creates a folder of a new name in another. */
  static TemporaryFolder create(Path parent, Deletion deletion) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory(parent, "recurrent-facts"), deletion);
  }

  /** Returns the path of a file of this folder, which is to be deleted with it. */
  Path file(String name) {
    Path file = folder.resolve(name);
    files.add(file);
    return file;
  }

  @Override
  public void close() {
    List<Path> left = new ArrayList<>();
    for (Path file : files) {
      if (!isDeleted(file)) {
        left.add(file);
      }
    }
    if (!isDeleted(folder)) {
      left.add(0, folder);
    }
    // The last that it is told of is the first that the virtual machine deletes.
    left.forEach(path -> path.toFile().deleteOnExit());
  }

  private boolean isDeleted(Path path) {
    try {
      deletion.delete(path);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
