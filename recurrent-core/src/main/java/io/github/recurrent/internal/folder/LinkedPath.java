package io.github.recurrent.internal.folder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where paths lead that may be symbolic links. */
public final class LinkedPath {
  /** That of Linux. */
  private static final int MOST_LINKS = 40;

  private LinkedPath() {}

  /**
   * Returns the file or folder that a path leads to: the path itself, absolute, or the end of the
   * symbolic links that begin there. It need not be there; then it is where it would be created.
   *
   * @throws FileSystemLoopException if the links lead in a circle
   * @throws IOException if a link cannot be read
   */
  public static Path target(Path path) throws IOException {
    Path place = path.toAbsolutePath().normalize();
    for (int links = 0; Files.isSymbolicLink(place); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      try {
        return place.toRealPath();
      } catch (FileSystemException e) {
        // It leads nowhere yet, or in a circle.
        place = next(place);
      }
    }
    return place;
  }

  private static Path next(Path link) throws IOException {
    Path next = real(link).resolveSibling(Files.readSymbolicLink(link));
    return real(next).normalize();
  }

  /** Returns a path whose folder, if it is there, has no links in it. */
  private static Path real(Path path) throws IOException {
    Path parent = path.getParent();
    return parent != null && Files.exists(parent)
        ? parent.toRealPath().resolve(path.getFileName())
        : path;
  }

  /**
   * Creates a folder, and all above it, where they are missing. A symbolic link that leads to a
   * folder is one, and one that leads nowhere yet gets its folder where it leads.
   *
   * @throws IOException if a folder cannot be created
   */
  public static void createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path place = target(folder);
      Path parent = place.getParent();
      if (parent != null) {
        createFolders(parent);
      }
      Files.createDirectories(place);
    }
  }
}
