package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The folder of an exported model, which changes as a whole or not at all. */
final class ExportFolder {
  static final String MODEL = "model.onnx";
  static final String TRAJECTORY = "trajectory.onnx";

  private static final ImmutableSet<String> FILES =
      ImmutableSet.of(MODEL, TRAJECTORY, WeightFile.NAME);

  private final Path folder;
  private final Path parent;
  private final Path writing;
  private final Path previous;

  private ExportFolder(Path folder, Path name, Path parent) {
    this.folder = folder;
    this.parent = parent;
    this.writing = parent.resolve("." + name + ".writing");
    this.previous = parent.resolve("." + name + ".previous");
  }

  /** Writes the files of an export into an empty folder. */
  interface Writer {
    void write(Path folder) throws IOException;
  }

  static ExportFolder of(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new IllegalArgumentException(folder + " is no place for an export");
    }
    return new ExportFolder(absolute, name, parent);
  }

  /** Puts an export in the place of that in the folder, if there is one. */
  void replace(Writer writer) throws IOException {
    requireReplaceable();
    Files.createDirectories(parent);
    delete(writing);
    try {
      Files.createDirectory(writing);
      writer.write(writing);
      exchange();
    } catch (IOException | RuntimeException e) {
      try {
        delete(writing);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
    delete(previous);
  }

  /** Nothing but an export is ever replaced. */
  private void requireReplaceable() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "is no folder, and an export is one");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> others =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> !FILES.contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new DirectoryNotEmptyException(
            folder + " holds " + others + ", no part of an export, and is not replaced");
      }
    }
  }

  /** A folder cannot be renamed over another that holds files. */
  private void exchange() throws IOException {
    delete(previous);
    boolean replaces = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    if (replaces) {
      Files.move(folder, previous, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(writing, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      if (replaces) {
        Files.move(previous, folder, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
