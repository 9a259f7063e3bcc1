package io.github.recurrent.internal.folder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that changes from one complete state to the next. */
public final class CompleteFile {
  private CompleteFile() {}

  /**
   * Writes a file aside, next to its place, and renames it into place.
   *
   * <p>A symbolic link stays one; the file that it leads to changes. A file that cannot be renamed
   * over, such as one that is a mount point, a device, or in a folder that cannot be written to, is
   * overwritten; only then can a reader see it half-written.
   *
   * @throws NoSuchFileException if its folder is not there
   * @throws IOException if it cannot be written; one that could be renamed over stays then
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path target = LinkedPath.target(file);
    Path parent = target.getParent();
    boolean there = Files.exists(target);
    if (there && (!Files.isRegularFile(target) || parent == null || !Files.isWritable(parent))) {
      Files.write(target, bytes);
      return;
    }
    Path writing = target.resolveSibling("." + target.getFileName() + ".writing");
    try {
      Files.write(writing, bytes);
      try {
        Files.move(
            writing, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (FileSystemException e) {
        if (!there) {
          throw e;
        }
        overwrite(target, bytes, e);
      }
    } finally {
      Files.deleteIfExists(writing);
    }
  }

  private static void overwrite(Path target, byte[] bytes, FileSystemException why)
      throws IOException {
    try {
      Files.write(target, bytes);
    } catch (IOException e) {
      e.addSuppressed(why);
      throw e;
    }
  }
}
