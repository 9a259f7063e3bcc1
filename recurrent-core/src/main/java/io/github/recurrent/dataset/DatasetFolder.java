package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableSet;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.folder.CompleteFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a published folder, which is there whole or not at all. */
final class DatasetFolder {
  static final String VOCABULARY = "vocab.json";
  static final String TRAIN = "train.json";
  static final String TEST = "test.json";
  static final String VALIDATION = "valid.json";
  static final String SMALL_TEST = "test_small.json";

  private DatasetFolder() {}

  /**
   * Names the folder of a dataset.
   *
   * @throws IllegalArgumentException if the path is a root
   */
  static CompleteFolder of(Path folder) {
    return CompleteFolder.of(
        folder,
        "a dataset",
        ImmutableSet.of(VOCABULARY, TRAIN, TEST),
        ImmutableSet.of(VALIDATION, SMALL_TEST));
  }

  /** Returns the vocabulary of a folder that holds a dataset. */
  static Vocabulary vocabulary(Path folder) throws IOException {
    return Vocabulary.read(file(folder, VOCABULARY));
  }

  /** Returns a file of a folder, which must be there. */
  static Path file(Path folder, String name) throws IOException {
    Path file = of(folder).read(state -> state.file(name));
    if (!Files.isRegularFile(file)) {
      throw new FileFormatException(file, "is missing from the dataset");
    }
    return file;
  }
}
