package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Facts to evaluate on, by their type in the published format, such as {@code 5hop_test} or {@code
 * test_inferred_ood}; all facts of a type have the same number of hops.
 *
 * <p>Immutable and thread-safe.
 */
public final class Split {
  private final ImmutableMap<String, Facts> byType;

  private Split(ImmutableMap<String, Facts> byType) {
    this.byType = byType;
  }

  /** Returns the split with the given facts, in the order of the map. */
  public static Split of(Map<String, Facts> byType) {
    return new Split(ImmutableMap.copyOf(byType));
  }

  /**
   * Reads the records of a file of test facts in the published format.
   *
   * @throws DatasetFormatException if a record is bad, has no type, or is of another number of hops
   *     than one before of its type
   * @throws IOException if the file cannot be read
   */
  public static Split read(Path file, Vocabulary vocabulary) throws IOException {
    Map<String, FactsBuilder> read = new LinkedHashMap<>();
    Map<String, Integer> hops = new HashMap<>();
    RecordFile.read(
        file,
        vocabulary,
        (type, queryIds, answerId) -> {
          if (type == null) {
            throw new IllegalArgumentException("lacks the field \"type\"");
          }
          int found = queryIds.length - 1;
          int expected = hops.computeIfAbsent(type, unused -> found);
          if (found != expected) {
            throw new IllegalArgumentException(
                "a record of " + found + " hops, but those of " + type + " have " + expected);
          }
          read.computeIfAbsent(type, unused -> new FactsBuilder(vocabulary, found))
              .add(queryIds, answerId);
        });
    ImmutableMap.Builder<String, Facts> byType = ImmutableMap.builder();
    read.forEach((type, facts) -> byType.put(type, facts.build()));
    return new Split(byType.buildOrThrow());
  }

  /**
   * Writes the facts to a file, as records of the published format.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    try (RecordFile.Writer records = new RecordFile.Writer(file)) {
      for (Map.Entry<String, Facts> entry : byType.entrySet()) {
        records.write(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Returns the facts by type, in a stable order. */
  public ImmutableMap<String, Facts> byType() {
    return byType;
  }

  /**
   * Returns the facts of a type.
   *
   * @throws IllegalArgumentException if there is no such type
   */
  public Facts facts(String type) {
    Facts facts = byType.get(type);
    if (facts == null) {
      throw new IllegalArgumentException(
          "no facts of type \"" + type + "\"; this split has " + byType.keySet());
    }
    return facts;
  }

  /**
   * Returns this split with at most so many facts of each type, drawn without repetition where
   * there are more; the facts of a type do not depend on which others there are.
   *
   * @throws IllegalArgumentException if {@code factsPerType < 1}
   */
  public Split sample(int factsPerType, Seed seed) {
    checkArgument(
        factsPerType >= 1, "a sample needs at least 1 fact of each type, not %s", factsPerType);
    ImmutableMap.Builder<String, Facts> sampled = ImmutableMap.builder();
    byType.forEach(
        (type, facts) ->
            sampled.put(type, GraphFacts.sample(facts, factsPerType, seed.child(type))));
    return new Split(sampled.buildOrThrow());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Split that && byType.equals(that.byType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(byType);
  }

  @Override
  public String toString() {
    return "Split" + byType;
  }
}
