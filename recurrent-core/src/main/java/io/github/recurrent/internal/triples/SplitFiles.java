package io.github.recurrent.internal.triples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.NameTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a folder of files of triples to train on, to validate by and to test. */
public final class SplitFiles {
  private static final ImmutableList<ImmutableSet<String>> STEMS =
      ImmutableList.of(
          ImmutableSet.of("train", "train2id"),
          ImmutableSet.of("valid", "validation", "dev", "valid2id"),
          ImmutableSet.of("test", "test2id"));

  private final Path folder;
  private final TripleChoices choices;

  private SplitFiles(Path folder, TripleChoices choices) {
    this.folder = folder;
    this.choices = choices;
  }

  /**
   * Reads the triples to train on, to validate by and to test, in this order; all share their
   * tables of names, and those whose file is missing have no triple.
   *
   * @throws FileFormatException if a file does not hold triples, or the folder none to train on
   */
  public static ImmutableList<TripleCollector> read(Path folder, TripleChoices choices)
      throws IOException {
    return new SplitFiles(folder, choices).read();
  }

  private ImmutableList<TripleCollector> read() throws IOException {
    List<Optional<Path>> files = files();
    if (files.get(0).isEmpty()) {
      throw new FileFormatException(
          folder,
          "must hold a file of triples to train on, such as train.tsv, train.txt or train2id.txt"
              + " with entity2id.txt and relation2id.txt");
    }
    ImmutableList<TripleCollector> collected = collect(files);
    TripleCollector.finish(folder, collected.get(0).entities(), collected.get(0).relations());
    return collected;
  }

  private List<Optional<Path>> files() throws IOException {
    List<Optional<Path>> files = new ArrayList<>();
    ImmutableSortedSet<Path> listed;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      listed = ImmutableSortedSet.copyOf(entries);
    }
    for (ImmutableSet<String> stems : STEMS) {
      Optional<Path> found = Optional.empty();
      for (Path file : listed) {
        if (!stems.contains(TripleFormat.stem(file))
            || TripleFormat.find(file).isEmpty()
            || (TripleFormat.stem(file).endsWith("2id") && !IdFiles.has(file))) {
          continue;
        }
        if (found.isPresent()) {
          throw new FileFormatException(
              folder,
              "holds both "
                  + found.get().getFileName()
                  + " and "
                  + file.getFileName()
                  + ", of which one must go elsewhere");
        }
        found = Optional.of(file);
      }
      files.add(found);
    }
    return files;
  }

  private ImmutableList<TripleCollector> collect(List<Optional<Path>> files) throws IOException {
    Path train = files.get(0).orElseThrow();
    Optional<IdFiles> ids = IdFiles.has(train) ? Optional.of(IdFiles.of(train)) : Optional.empty();
    NameTable entities = ids.map(IdFiles::entities).orElseGet(NameTable::new);
    NameTable relations = ids.map(IdFiles::relations).orElseGet(NameTable::new);
    ImmutableList.Builder<TripleCollector> collected = ImmutableList.builder();
    for (Optional<Path> file : files) {
      if (file.isEmpty()) {
        collected.add(new TripleCollector(folder, entities, relations));
        continue;
      }
      if (IdFiles.has(file.get()) != ids.isPresent()) {
        throw new FileFormatException(
            folder,
            "holds "
                + train.getFileName()
                + " and "
                + file.get().getFileName()
                + ", but all files must be of ids or all of names");
      }
      collected.add(
          ids.isPresent()
              ? ids.get().read(file.get(), choices)
              : TripleFile.read(file.get(), choices, entities, relations));
    }
    return collected.build();
  }
}
