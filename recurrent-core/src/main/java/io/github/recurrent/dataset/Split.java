package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.internal.folder.CompleteFile;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
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
  private static final ImmutableSet<String> TRAINED_TYPES =
      ImmutableSet.of(
          MultiHopDataset.ATOMIC_IN_TRAIN,
          MultiHopDataset.ATOMIC_IN_TEST,
          CompositionDataset.ID_ATOMIC,
          CompositionDataset.OOD_ATOMIC,
          CompositionDataset.TRAIN_INFERRED);

  private final ImmutableMap<String, Facts> byType;

  private Split(ImmutableMap<String, Facts> byType) {
    this.byType = byType;
  }

  /** Returns the split with the given facts, in the order of the map. */
  public static Split of(Map<String, Facts> byType) {
    return new Split(ImmutableMap.copyOf(byType));
  }

  /**
   * Reads the records of a file of test facts in the published format. Records that repeat or
   * contradict another of their type are kept, and their number is logged as a warning.
   *
   * @throws FileFormatException if there is no record, or one is bad, has no type, or is of another
   *     number of hops than one before of its type
   * @throws IOException if the file cannot be read
   */
  public static Split read(Path file, Vocabulary vocabulary) throws IOException {
    return read(file, vocabulary, CheckedRecords.COUNT);
  }

  /**
   * Reads the records of a file of test facts in the published format, with a say in what happens
   * with records that repeat or contradict another of their type. A query with several right
   * answers is written as a record for each of them; {@link RecordChecks.Policy#UNITE} makes one
   * fact of them again.
   *
   * @throws FileFormatException if there is no record, one is bad, has no type, or is of another
   *     number of hops than one before of its type, or there are records that the checks refuse
   * @throws IOException if the file cannot be read
   */
  public static Split read(Path file, Vocabulary vocabulary, RecordChecks checks)
      throws IOException {
    Map<String, ReadFacts> read = new LinkedHashMap<>();
    CheckedRecords records = new CheckedRecords(file, vocabulary, checks);
    records.read(
        (type, queryIds, answerId) -> {
          if (type == null) {
            throw new IllegalArgumentException("lacks the field \"type\"");
          }
          int hops = queryIds.length - 1;
          ReadFacts facts = read.computeIfAbsent(type, unused -> new ReadFacts(vocabulary, hops));
          if (hops != facts.hops()) {
            throw new IllegalArgumentException(
                "a record of " + hops + " hops, but those of " + type + " have " + facts.hops());
          }
          records.add(facts, queryIds, answerId, null);
        });
    records.requireSome();
    return ReadFacts.split(read);
  }

  /**
   * Writes the facts to a file, as records of the published format: a query with several right
   * answers as one record for each of them. The file changes from one complete state to the next.
   *
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    CompleteFile.write(
        file,
        out -> {
          try (RecordFile.Writer records = new RecordFile.Writer(out)) {
            for (Map.Entry<String, Facts> entry : byType.entrySet()) {
              records.write(entry.getKey(), entry.getValue());
            }
          }
        });
  }

  /**
   * Returns whether facts of a type are held out: not trained on, so that answering them shows more
   * than memory. Of the published types, {@code atomic}, {@code atomic_facts}, {@code
   * {k}hop_train}, {@code id_atomic}, {@code ood_atomic} and {@code train_inferred} are trained on;
   * facts of any other type count as held out.
   */
  public static boolean isHeldOut(String type) {
    return !TRAINED_TYPES.contains(type) && !type.endsWith(MultiHopDataset.TRAIN_SUFFIX);
  }

  /** Returns the facts of this split that are {@link #isHeldOut held out}. */
  public Split heldOut() {
    return new Split(ImmutableMap.copyOf(Maps.filterKeys(byType, Split::isHeldOut)));
  }

  /** Returns the facts by type, in a stable order. */
  public ImmutableMap<String, Facts> byType() {
    return byType;
  }

  /**
   * Returns the facts of a type.
   *
   * @throws IllegalArgumentException if the split has no facts of that type
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
        (type, facts) -> sampled.put(type, facts.sample(factsPerType, seed.child(type))));
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
