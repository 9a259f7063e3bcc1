package io.github.recurrent.folder;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of files that belong together, which changes from one complete state to the next.
 *
 * <p>A folder cannot be renamed over another that holds files. So new contents are written to
 * {@code .NAME.writing}; the folder is renamed to {@code .NAME.previous}, the new one to the
 * folder, and the previous one deleted. Whatever the moment of an interruption, the complete state
 * is the folder or, while there is none, the previous one; the next write clears away what was left
 * behind. One writer at a time; any number of readers.
 */
public final class CompleteFolder {
  private final String content;
  private final ImmutableSet<String> files;
  private final Path folder;
  private final Path parent;
  private final Path writing;
  private final Path previous;

  private CompleteFolder(
      String content, ImmutableSet<String> files, Path folder, Path name, Path parent) {
    this.content = content;
    this.files = files;
    this.folder = folder;
    this.parent = parent;
    this.writing = parent.resolve("." + name + ".writing");
    this.previous = parent.resolve("." + name + ".previous");
  }

  /** Writes files into an empty folder. */
  @FunctionalInterface
  public interface Writer {
    /** Writes the files; they need not be forced to the disk. */
    void write(Path folder) throws IOException;
  }

  /**
   * Names a folder, which need not be there.
   *
   * @param content what the folder holds, for messages, such as {@code a dataset}
   * @param files the names of all files it may hold
   * @throws IllegalArgumentException if the path is a root
   */
  public static CompleteFolder of(Path folder, String content, Set<String> files) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new IllegalArgumentException(folder + " is no place for " + content);
    }
    return new CompleteFolder(content, ImmutableSet.copyOf(files), absolute, name, parent);
  }

  /** Returns the folder, absolute. */
  public Path path() {
    return folder;
  }

  /** Returns where the last complete state is when an interruption has left no folder. */
  public Path previous() {
    return previous;
  }

  /**
   * Writes a folder that is not there yet, or is empty.
   *
   * @throws DirectoryNotEmptyException if it holds anything
   * @throws IOException if it cannot be written; nothing is left behind then
   */
  public void create(Writer writer) throws IOException {
    require(
        ImmutableSet.of(), " holds files already; " + content + " is written to a new folder: ");
    exchange(writer);
  }

  /**
   * Writes a folder in the place of an older state, if there is one.
   *
   * @throws DirectoryNotEmptyException if it holds any other file than it may: nothing else is ever
   *     replaced
   * @throws IOException if it cannot be written; the older state stays then
   */
  public void replace(Writer writer) throws IOException {
    require(files, " holds what is no part of " + content + ", and is not replaced: ");
    exchange(writer);
  }

  private void require(ImmutableSet<String> allowed, String problem) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "is no folder, and " + content + " is one");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> others =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> !allowed.contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new DirectoryNotEmptyException(folder + problem + others);
      }
    }
  }

  private void exchange(Writer writer) throws IOException {
    Files.createDirectories(parent);
    delete(writing);
    try {
      Files.createDirectory(writing);
      writer.write(writing);
      forceAll(writing);
      rename();
    } catch (IOException | RuntimeException e) {
      try {
        delete(writing);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    forceFolder(parent);
    delete(previous);
  }

  private void rename() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(writing, folder, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    delete(previous);
    Files.move(folder, previous, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(writing, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Files.move(previous, folder, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
  }

  private static void forceAll(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.toList()) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    forceFolder(folder);
  }

  /** Makes renames within a folder last; only POSIX systems can and need to. */
  private static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
