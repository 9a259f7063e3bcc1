package io.github.recurrent.examples.experiments;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What analyses need of the data of a training.
 *
 * @param atomic all atomic facts, which tell the entities on the way of a chain
 * @param test the facts to evaluate on
 */
public record RunData(Facts atomic, Split test) {
  private static final String ATOMIC_FILE = "atomic.json";
  private static final String TEST_FILE = "test.json";
  private static final String ATOMIC_TYPE = "atomic";
  private static final Pattern MULTI_HOP =
      Pattern.compile("MultiHopDataset\\[2 to (\\d+) hops, .*");

  /** Returns the held-out facts of every number of hops. */
  public static RunData of(MultiHopDataset data) {
    return new RunData(data.atomic(), data.test().heldOut());
  }

  /** Returns the test facts of all five types. */
  public static RunData of(CompositionDataset data) {
    return new RunData(data.atomic(), data.test());
  }

  /** Returns whether a folder holds such data. */
  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(TEST_FILE)) && Files.exists(folder.resolve(ATOMIC_FILE));
  }

  /**
   * Reads a folder that {@link #write} has written.
   *
   * @throws IOException if a file is bad, missing, or cannot be read
   */
  static RunData read(Path folder, Vocabulary vocabulary) throws IOException {
    return new RunData(
        Split.read(folder.resolve(ATOMIC_FILE), vocabulary).facts(ATOMIC_TYPE),
        Split.read(folder.resolve(TEST_FILE), vocabulary));
  }

  /** Writes the facts into a folder, in the published format. */
  void write(Path folder) throws IOException {
    // JDK 17 takes a symbolic link to a folder for a file.
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    Split.of(ImmutableMap.of(ATOMIC_TYPE, atomic)).write(folder.resolve(ATOMIC_FILE));
    test.write(folder.resolve(TEST_FILE));
  }

  /**
   * Draws the data of one of the experiments at laptop size again.
   *
   * @param provenance of a checkpoint that was trained on it
   * @throws IllegalArgumentException if that was not on such data
   */
  static RunData again(ImmutableMap<String, String> provenance, Vocabulary vocabulary) {
    String description = provenance.getOrDefault("data", "none");
    long seed = Long.parseLong(provenance.getOrDefault("seed", "42"));
    Matcher multiHop = MULTI_HOP.matcher(description);
    String found;
    RunData data;
    if (multiHop.matches()) {
      MultiHopDataset drawn = LaptopExtrapolation.data(Integer.parseInt(multiHop.group(1)), seed);
      found = drawn.toString();
      data = of(drawn);
    } else {
      CompositionDataset drawn = LaptopComposition.data(seed);
      found = drawn.toString();
      data = of(drawn);
    }
    if (!found.equals(description) || !data.atomic().vocabulary().equals(vocabulary)) {
      throw new IllegalArgumentException(
          "the run holds no data, and was not trained on that of an experiment, which is "
              + found
              + ", but on "
              + description);
    }
    return data;
  }
}
