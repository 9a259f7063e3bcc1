package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two-hop facts for systematic generalization (paper §3): the atomic facts of a graph are split
 * into in-distribution (ID) and out-of-distribution (OOD) ones; all are trained on, but only ID
 * ones are ever composed in training. Immutable and thread-safe.
 *
 * <p>It has no counterpart to {@link MultiHopDataset.Builder#testOn}, which holds facts of the
 * graph out. Here every test fact is composed of atomic facts that are all trained on, and its type
 * says which of them were composed in training. A query that needs a fact which the model has never
 * seen is of none of these types, and failing it would say nothing of how the model composes. For a
 * graph in training, validation and test files, compose its training facts, or all of them; or take
 * a {@link MultiHopDataset} of two hops.
 */
public final class CompositionDataset {
  /** ID atomic facts in the test split. */
  public static final String ID_ATOMIC = "id_atomic";

  /** OOD atomic facts in the test split. */
  public static final String OOD_ATOMIC = "ood_atomic";

  /** Two-hop facts that are trained on, in the test split. */
  public static final String TRAIN_INFERRED = "train_inferred";

  /** Held-out compositions of two ID atomic facts. */
  public static final String TEST_INFERRED_IID = "test_inferred_iid";

  /** Compositions of two OOD atomic facts. */
  public static final String TEST_INFERRED_OOD = "test_inferred_ood";

  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(ID_ATOMIC, OOD_ATOMIC, TRAIN_INFERRED, TEST_INFERRED_IID, TEST_INFERRED_OOD);

  private final Vocabulary vocabulary;
  private final Facts atomic;
  private final Facts inferred;
  private final Facts validation;
  private final Split test;

  CompositionDataset(
      Vocabulary vocabulary, Facts atomic, Facts inferred, Facts validation, Split test) {
    this.vocabulary = vocabulary;
    this.atomic = atomic;
    this.inferred = inferred;
    this.validation = validation;
    this.test = test;
  }

  /** Begins a dataset of a graph's two-hop walks; defaults are the paper's. */
  public static Builder from(KnowledgeGraph graph) {
    return new Builder(ImmutableCompositionPlan.builder().graph(graph).build());
  }

  /** Returns the tokens of the dataset. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns all atomic facts, ID and OOD; they are all trained on. */
  public Facts atomic() {
    return atomic;
  }

  /** Returns the two-hop facts to train on. */
  public Facts inferred() {
    return inferred;
  }

  /** Returns all compositions of two OOD atomic facts. */
  public Facts validation() {
    return validation;
  }

  /** Returns the facts to evaluate on, at most 3,000 of each of the five types. */
  public Split test() {
    return test;
  }

  /**
   * Writes the dataset as a folder in the published format, a query with several right answers as
   * one record for each of them. The folder is written aside and renamed into place.
   *
   * @throws java.nio.file.DirectoryNotEmptyException if the folder holds a dataset, or a file that
   *     it would change
   * @throws IOException if it cannot be written; nothing is left behind then
   */
  public void write(Path folder) throws IOException {
    DatasetFolder.of(folder).create(this::writeFiles);
  }

  private void writeFiles(Path folder) throws IOException {
    vocabulary.write(folder.resolve(DatasetFolder.VOCABULARY));
    try (RecordFile.Writer records = new RecordFile.Writer(folder.resolve(DatasetFolder.TRAIN))) {
      records.write(null, atomic);
      records.write(null, inferred);
    }
    try (RecordFile.Writer records =
        new RecordFile.Writer(folder.resolve(DatasetFolder.VALIDATION))) {
      records.write(TEST_INFERRED_OOD, validation);
    }
    try (RecordFile.Writer records = new RecordFile.Writer(folder.resolve(DatasetFolder.TEST))) {
      for (Map.Entry<String, Facts> entry : test.byType().entrySet()) {
        records.write(entry.getKey(), entry.getValue());
      }
    }
  }

  /**
   * Reads a folder in the published format. Records that repeat or contradict another are kept, and
   * their number is logged as a warning.
   *
   * @throws FileFormatException if a file is missing or a record is bad
   * @throws IOException if the folder is missing or cannot be read
   */
  public static CompositionDataset read(Path folder) throws IOException {
    return read(folder, CheckedRecords.COUNT);
  }

  /**
   * Reads a folder in the published format, with a say in what happens with records that repeat or
   * contradict another. A record of the other files may repeat one of the training file, but
   * contradicts it where it has another answer. A query with several right answers is written as a
   * record for each of them; {@link RecordChecks.Policy#UNITE} makes one fact of them again.
   *
   * @throws FileFormatException if a file is missing or a record is bad, or there are records that
   *     the checks refuse
   * @throws IOException if the folder is missing or cannot be read
   */
  public static CompositionDataset read(Path folder, RecordChecks checks) throws IOException {
    Vocabulary vocabulary = DatasetFolder.vocabulary(folder);
    ReadFacts atomic = new ReadFacts(vocabulary, 1);
    ReadFacts inferred = new ReadFacts(vocabulary, 2);
    Path trainFile = DatasetFolder.file(folder, DatasetFolder.TRAIN);
    CheckedRecords train = new CheckedRecords(trainFile, vocabulary, checks);
    train.read(
        (type, queryIds, answerId) -> {
          checkHops(queryIds, 1, 2);
          ReadFacts facts = queryIds.length == 2 ? atomic : inferred;
          train.add(facts, queryIds, answerId, null);
        });
    if (atomic.size() == 0 || inferred.size() == 0) {
      throw new FileFormatException(
          trainFile,
          "must hold facts of 1 hop and of 2, but has "
              + atomic.size()
              + " and "
              + inferred.size());
    }
    ReadFacts validation = new ReadFacts(vocabulary, 2);
    CheckedRecords valid =
        new CheckedRecords(
            DatasetFolder.file(folder, DatasetFolder.VALIDATION), vocabulary, checks);
    valid.read(
        (type, queryIds, answerId) -> {
          checkHops(queryIds, 2, 2);
          valid.add(validation, queryIds, answerId, inferred);
        });
    Map<String, ReadFacts> tested = new LinkedHashMap<>();
    CheckedRecords test =
        new CheckedRecords(DatasetFolder.file(folder, DatasetFolder.TEST), vocabulary, checks);
    test.read(
        (type, queryIds, answerId) -> {
          String known = knownType(type);
          int hops = known.equals(ID_ATOMIC) || known.equals(OOD_ATOMIC) ? 1 : 2;
          checkHops(queryIds, hops, hops);
          test.add(
              tested.computeIfAbsent(known, unused -> new ReadFacts(vocabulary, hops)),
              queryIds,
              answerId,
              hops == 1 ? atomic : inferred);
        });
    test.requireSome();
    return new CompositionDataset(
        vocabulary, atomic.build(), inferred.build(), validation.build(), ReadFacts.split(tested));
  }

  private static void checkHops(int[] queryIds, int min, int max) {
    int hops = queryIds.length - 1;
    if (hops < min || hops > max) {
      throw new IllegalArgumentException(
          "a record of " + hops + " hops, but here they have " + min + " to " + max);
    }
  }

  private static String knownType(@Nullable String type) {
    if (type == null || !TYPES.contains(type)) {
      throw new IllegalArgumentException("the type must be one of " + TYPES + ", but is " + type);
    }
    return type;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CompositionDataset that
        && vocabulary.equals(that.vocabulary)
        && atomic.equals(that.atomic)
        && inferred.equals(that.inferred)
        && validation.equals(that.validation)
        && test.equals(that.test);
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary, atomic, inferred, validation, test);
  }

  @Override
  public String toString() {
    return "CompositionDataset["
        + atomic.size()
        + " atomic facts, "
        + inferred.size()
        + " inferred facts]";
  }

  /**
   * Describes a {@link CompositionDataset} of a graph. Immutable and thread-safe; each method
   * returns a changed one.
   */
  @CheckReturnValue
  public static final class Builder {
    private final ImmutableCompositionPlan plan;

    private Builder(CompositionPlan plan) {
      this.plan = ImmutableCompositionPlan.copyOf(plan);
    }

    /**
     * Sets the share of atomic facts that are never composed in training; 0.05 by default.
     *
     * @throws IllegalArgumentException unless it is above 0 and below 1
     */
    public Builder oodShare(double share) {
      return new Builder(plan.withOodShare(share));
    }

    /**
     * Sets the probability with which a composition of two ID facts is held out; 0.005 by default.
     *
     * @throws IllegalArgumentException unless it is above 0 and below 1
     */
    public Builder heldOutShare(double share) {
      return new Builder(plan.withHeldOutShare(share));
    }

    /**
     * Sets φ, the number of two-hop training facts for each ID atomic fact; 7.2 by default. The
     * published ratios are 18, 12.6, 9, 7.2, 5.4 and 3.6.
     *
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public Builder inferredRatio(double ratio) {
      return new Builder(plan.withInferredRatio(ratio));
    }

    /** Sets the root seed; 42 by default. */
    public Builder seed(long root) {
      return new Builder(plan.withSeed(root));
    }

    /**
     * Composes the dataset.
     *
     * @throws IllegalArgumentException if the ratio asks for more training facts than there are, or
     *     for none, or the share of OOD facts leaves one side empty; the message says what can be
     *     had
     */
    public CompositionDataset build() {
      return plan.draw();
    }
  }
}
