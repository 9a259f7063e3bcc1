package io.github.recurrent.internal.folder;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The complete state of a folder at a moment: where its files are. Equal to that of another moment
 * if no file has changed. Immutable and thread-safe.
 */
public final class FolderState {
  /** What tells a file from one that takes its place, even with the same contents. */
  private record Stamp(Path file, @Nullable Object key, long size, FileTime time) {}

  private final Path folder;
  private final ImmutableMap<String, Stamp> files;

  private FolderState(Path folder, ImmutableMap<String, Stamp> files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * @param hidden the folders within it that a file may be in instead, the first that has it first
   */
  static FolderState of(Path folder, List<Path> hidden, Set<String> names) throws IOException {
    List<Path> layers = ImmutableList.<Path>builder().addAll(hidden).add(folder).build();
    ImmutableMap.Builder<String, Stamp> files = ImmutableMap.builder();
    for (String name : names) {
      for (Path layer : layers) {
        Path file = layer.resolve(name);
        Stamp stamp = stamp(file);
        if (stamp != null) {
          files.put(name, stamp);
          break;
        }
      }
    }
    return new FolderState(folder, files.buildOrThrow());
  }

  private static @Nullable Stamp stamp(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(
          file, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      if (Files.exists(file)) {
        throw e;
      }
      // Below a file, where no folder is.
      return null;
    }
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  FolderState requireFolder(String content) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(
          folder.toString(), null, "the folder does not exist; it should hold " + content);
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is not a folder, and " + content + " is one");
    }
    return this;
  }

  /** Returns where a file of the folder is, or would be if it were there. */
  public Path file(String name) {
    Stamp stamp = files.get(name);
    return stamp == null ? folder.resolve(name) : stamp.file();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FolderState that
        && folder.equals(that.folder)
        && files.equals(that.files);
  }

  @Override
  public int hashCode() {
    return 31 * folder.hashCode() + files.hashCode();
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
