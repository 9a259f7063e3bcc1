package io.github.recurrent.examples.service.repository;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sees what is in folders, never outside of a root: a link that leads out of it is refused. For one
 * look. Not thread-safe.
 */
final class FolderEntries {
  private static final int MOST = 1000;
  private static final int MOST_IN_ALL = 100_000;

  /** An export has files, and while it is written folders of them. */
  private static final int DEEPEST = 3;

  private final Path root;
  private int seen;

  /**
   * @param root without links
   */
  FolderEntries(Path root) {
    this.root = root;
  }

  /** What tells a file from one that takes its place. */
  private record Stamp(long size, FileTime time, @Nullable Object key) {}

  /** Returns what is in a folder, sorted. */
  List<Path> of(Path folder) throws IOException {
    requireWithin(folder);
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is not a folder");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return atMost(folder, entries);
    }
  }

  private List<Path> atMost(Path folder, Stream<Path> paths) throws IOException {
    try {
      List<Path> first = paths.limit(MOST + 1L).sorted().toList();
      if (first.size() > MOST) {
        throw new IOException(folder + " holds more than " + MOST + " files and folders");
      }
      seen += first.size();
      if (seen > MOST_IN_ALL) {
        throw new IOException(root + " holds more than " + MOST_IN_ALL + " files and folders");
      }
      return first;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Returns what the files below a folder are like; they have changed if it is another. */
  ImmutableMap<Path, ?> state(Path folder) throws IOException {
    Path real = requireWithin(folder);
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(folder + " is not a folder");
    }
    ImmutableMap.Builder<Path, Stamp> stamps = ImmutableMap.builder();
    List<Path> below;
    try (Stream<Path> paths = Files.walk(real, DEEPEST)) {
      below = atMost(folder, paths);
    }
    for (Path path : below) {
      requireWithin(path);
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        stamps.put(
            path,
            new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
      }
    }
    return stamps.buildOrThrow();
  }

  private Path requireWithin(Path path) throws IOException {
    Path real = path.toRealPath();
    if (!real.startsWith(root)) {
      throw new IOException(path + " leads out of " + root + ", to " + real);
    }
    return real;
  }

  /** Returns the sentence for what went wrong. */
  static String reason(IOException problem) {
    return problem instanceof FileSystemException && !(problem instanceof NotDirectoryException)
        ? "cannot be read: " + problem
        : String.valueOf(problem.getMessage());
  }
}
