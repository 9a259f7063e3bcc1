package io.github.recurrent.internal.folder;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a folder is, with its neighbors during a write.
 *
 * @param folder where links lead
 * @param writing where its next state is on its way
 * @param previous where its last state is while there is no folder
 */
record Place(Path folder, Path parent, Path writing, Path previous) {
  private static final String PREVIOUS = ".previous";

  static Place of(Path path) throws IOException {
    Path folder = LinkedPath.target(path);
    Path parent = folder.getParent();
    Path name = folder.getFileName();
    if (parent == null || name == null) {
      // A root has no neighbors, and is never renamed: these are never there.
      return new Place(folder, folder, folder.resolve(".writing"), folder.resolve(PREVIOUS));
    }
    return new Place(
        folder,
        parent,
        parent.resolve("." + name + ".writing"),
        parent.resolve("." + name + PREVIOUS));
  }

  /** Returns the folder that a path is the previous state of, or the path itself. */
  static Path ofPrevious(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.startsWith(".") && name.endsWith(PREVIOUS) && name.length() > PREVIOUS.length() + 1
        ? path.resolveSibling(name.substring(1, name.length() - PREVIOUS.length()))
        : path;
  }

  /** A process that works in a folder would go on in the one that the folder was before. */
  boolean isWorkingFolder() throws IOException {
    Path working = Path.of("").toAbsolutePath();
    return working.getFileSystem().equals(folder.getFileSystem())
        && working.startsWith(folder.toRealPath());
  }
}
