package io.github.recurrent.dataset;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The files of a published folder, which is there whole or not at all. */
final class DatasetFolder {
  static final String VOCABULARY = "vocab.json";
  static final String TRAIN = "train.json";
  static final String TEST = "test.json";
  static final String VALIDATION = "valid.json";
  static final String SMALL_TEST = "test_small.json";

  private DatasetFolder() {}

  /** Writes the files of a dataset into a folder. */
  @FunctionalInterface
  interface Content {
    void write(Path folder) throws IOException;
  }

  /**
   * Writes a new folder aside and renames it into place.
   *
   * @throws DirectoryNotEmptyException if the folder is there and holds anything
   */
  static void write(Path folder, Content content) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(folder + " is no place for a dataset");
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isPresent()) {
          throw new DirectoryNotEmptyException(
              target + " holds files already; a dataset is written to a new folder");
        }
      }
    }
    Files.createDirectories(parent);
    Path writing = Files.createTempDirectory(parent, "." + target.getFileName() + ".writing");
    try {
      content.write(writing);
      Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      MoreFiles.deleteRecursively(writing, RecursiveDeleteOption.ALLOW_INSECURE);
      throw e;
    }
  }

  /** Returns the vocabulary of a folder that holds a dataset. */
  static Vocabulary vocabulary(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "there is no dataset folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is no folder, and a dataset is one");
    }
    return RecordFile.readVocabulary(file(folder, VOCABULARY));
  }

  /** Returns a file of a folder, which must be there. */
  static Path file(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new DatasetFormatException(file, "is missing from the dataset", null);
    }
    return file;
  }
}
