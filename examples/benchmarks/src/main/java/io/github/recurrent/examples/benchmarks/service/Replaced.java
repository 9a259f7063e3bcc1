package io.github.recurrent.examples.benchmarks.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Files and folders that appear at once, as whoever deploys should make them. */
final class Replaced {
  private Replaced() {}

  static void file(Path file, String text) throws IOException {
    Path made = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Copies a folder of files to where there is none yet.
   *
   * @param workplace where it grows, on the same file system
   */
  static void folder(Path from, Path workplace, Path to) throws IOException {
    Path made = Files.createTempDirectory(workplace, "new");
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, made.resolve(file.getFileName()));
      }
    }
    Files.move(made, to, StandardCopyOption.ATOMIC_MOVE);
  }
}
