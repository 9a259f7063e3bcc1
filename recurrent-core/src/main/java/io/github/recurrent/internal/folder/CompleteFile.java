package io.github.recurrent.internal.folder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that changes from one complete state to the next. */
public final class CompleteFile {
  private CompleteFile() {}

  /** What a file is to hold. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it, and may close the stream.
     *
     * @throws IOException if the stream does not take it
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file aside, as {@link #write(Path, Content)} does.
   *
   * @throws NoSuchFileException if its folder is not there
   * @throws IOException if it cannot be written; one that could be renamed over stays then
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, out -> out.write(bytes));
  }

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
  public static void write(Path file, Content content) throws IOException {
    Path target = LinkedPath.target(file);
    Path parent = target.getParent();
    boolean there = Files.exists(target);
    if (there && (!Files.isRegularFile(target) || parent == null || !Files.isWritable(parent))) {
      writeOver(target, content);
      return;
    }
    Path writing = target.resolveSibling("." + target.getFileName() + ".writing");
    try {
      writeOver(writing, content);
      try {
        Files.move(
            writing, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (FileSystemException e) {
        if (!there) {
          throw e;
        }
        copyOver(target, writing, e);
      }
    } finally {
      Files.deleteIfExists(writing);
    }
  }

  private static void writeOver(Path file, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      content.writeTo(out);
    }
  }

  private static void copyOver(Path target, Path writing, FileSystemException why)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      Files.copy(writing, out);
    } catch (IOException e) {
      e.addSuppressed(why);
      throw e;
    }
  }
}
