package io.github.recurrent.dataset;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Facts of many numbers of hops, for depth extrapolation (paper §4): all atomic facts of a graph,
 * and for each number of hops distinct facts to train on and others to test on. Immutable and
 * thread-safe.
 */
public final class MultiHopDataset {
  static final int SMALL_TEST = 50;

  static final String ATOMIC_IN_TRAIN = "atomic";
  static final String ATOMIC_IN_TEST = "atomic_facts";
  static final String TRAIN_SUFFIX = "hop_train";
  static final String TEST_SUFFIX = "hop_test";

  private final Vocabulary vocabulary;
  private final Facts atomic;
  private final ImmutableSortedMap<Integer, Facts> train;
  private final Split test;

  MultiHopDataset(
      Vocabulary vocabulary, Facts atomic, ImmutableSortedMap<Integer, Facts> train, Split test) {
    this.vocabulary = vocabulary;
    this.atomic = atomic;
    this.train = train;
    this.test = test;
  }

  /** Begins a dataset of random walks through a graph; defaults are the paper's. */
  public static Builder from(KnowledgeGraph graph) {
    return new Builder(ImmutableMultiHopPlan.builder().graph(graph).build());
  }

  /**
   * Begins a dataset of random walks through the training facts of a split graph, whose held-out
   * queries need a fact of its other parts ({@link Builder#testOn}); defaults are the paper's.
   */
  public static Builder from(KnowledgeGraph.Splits graph) {
    return from(graph.train()).testOn(graph.all());
  }

  /** Returns the tokens of the dataset. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Returns all atomic facts; they are all trained on. */
  public Facts atomic() {
    return atomic;
  }

  /** Returns the least number of hops beyond the atomic facts. */
  public int minHops() {
    return train.firstKey();
  }

  /** Returns the greatest number of hops. */
  public int maxHops() {
    return train.lastKey();
  }

  /**
   * Returns the facts of a number of hops to train on.
   *
   * @throws IllegalArgumentException if the dataset has none
   */
  public Facts train(int hops) {
    Facts facts = train.get(hops);
    if (facts == null) {
      throw new IllegalArgumentException(
          "no training facts of " + hops + " hops; there are those of " + train.keySet());
    }
    return facts;
  }

  /** Returns whether there are facts of a number of hops to train on. */
  boolean hasTrain(int hops) {
    return train.containsKey(hops);
  }

  /**
   * Returns the held-out facts of a number of hops.
   *
   * @throws IllegalArgumentException if the dataset has none
   */
  public Facts test(int hops) {
    return test.facts(hops + TEST_SUFFIX);
  }

  /**
   * Returns the facts to evaluate on: {@code {k}hop_test}, and some that are trained on as {@code
   * atomic_facts} and {@code {k}hop_train}.
   */
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
      records.write(ATOMIC_IN_TRAIN, atomic);
      for (Map.Entry<Integer, Facts> entry : train.entrySet()) {
        records.write(entry.getKey() + TRAIN_SUFFIX, entry.getValue());
      }
    }
    for (String file : new String[] {DatasetFolder.TEST, DatasetFolder.VALIDATION}) {
      try (RecordFile.Writer records = new RecordFile.Writer(folder.resolve(file))) {
        for (Map.Entry<String, Facts> entry : test.byType().entrySet()) {
          records.write(entry.getKey(), entry.getValue());
        }
      }
    }
    try (RecordFile.Writer records =
        new RecordFile.Writer(folder.resolve(DatasetFolder.SMALL_TEST))) {
      for (Map.Entry<String, Facts> entry : test.byType().entrySet()) {
        if (entry.getKey().endsWith(TEST_SUFFIX)) {
          records.write(entry.getKey(), first(entry.getValue(), SMALL_TEST));
        }
      }
    }
  }

  static Facts first(Facts facts, int count) {
    return facts.subList(0, Math.min(count, facts.size()));
  }

  /**
   * Reads a folder in the published format. The number of hops of a record is that of the relations
   * in its text, whatever its type says. Records that repeat or contradict another are kept, and
   * their number is logged as a warning.
   *
   * @throws FileFormatException if a file is missing or a record is bad
   * @throws IOException if the folder is missing or cannot be read
   */
  public static MultiHopDataset read(Path folder) throws IOException {
    return read(folder, CheckedRecords.COUNT);
  }

  /**
   * Reads a folder in the published format, with a say in what happens with records that repeat or
   * contradict another. A record of the test file may repeat one of the training file, but
   * contradicts it where it has another answer. A query with several right answers is written as a
   * record for each of them; {@link RecordChecks.Policy#UNITE} makes one fact of them again.
   *
   * @throws FileFormatException if a file is missing or a record is bad, or there are records that
   *     the checks refuse
   * @throws IOException if the folder is missing or cannot be read
   */
  public static MultiHopDataset read(Path folder, RecordChecks checks) throws IOException {
    Vocabulary vocabulary = DatasetFolder.vocabulary(folder);
    Map<Integer, ReadFacts> trained = new TreeMap<>();
    Path trainFile = DatasetFolder.file(folder, DatasetFolder.TRAIN);
    CheckedRecords train = new CheckedRecords(trainFile, vocabulary, checks);
    train.read(
        (type, queryIds, answerId) ->
            train.add(
                trained.computeIfAbsent(
                    queryIds.length - 1, hops -> new ReadFacts(vocabulary, hops)),
                queryIds,
                answerId,
                null));
    checkHops(trainFile, trained.keySet());
    Path testFile = DatasetFolder.file(folder, DatasetFolder.TEST);
    Split test = readTest(testFile, vocabulary, checks, trained);
    return of(vocabulary, trainFile, Maps.transformValues(trained, ReadFacts::build), test);
  }

  /**
   * Reads a folder in the published format whose training facts need not fit in memory. The result
   * is that of {@link #read(Path, RecordChecks)} which {@link RecordChecks.Policy#UNITE unites}
   * several answers to a query, and is used as any other. Only the vocabulary and the facts of the
   * test file are held on the heap; how they answer training queries is not checked.
   *
   * <p>The training facts are written to temporary files, at 4 bytes a token and 12 bytes an
   * answer, which the system maps to memory: it keeps there what is used and has room. Nobody has
   * to close anything. The files have no names any more when this method returns, and their space
   * is free again once the dataset is garbage and has been collected, or the program has ended.
   *
   * <p>Windows deletes no file that is in use. There, the files stay in a folder {@code
   * recurrent-facts…} of the temporary folder. The program deletes it when it ends, unless the
   * dataset is still mapped then; it may be deleted by hand once the program has ended.
   *
   * @param temporary a folder on a disk with room for the files
   * @throws FileFormatException if a file is missing, a record is bad, or training records of one
   *     query do not follow one another, as those that {@link #write} has written do
   * @throws IOException if a folder is missing or cannot be read, or the temporary files cannot be
   *     written; nothing is left behind then
   */
  public static MultiHopDataset readMapped(Path folder, Path temporary) throws IOException {
    return MappedDataset.read(folder, temporary, Files::deleteIfExists, QueryBuckets.BUCKET_BYTES);
  }

  private static void checkHops(Path trainFile, Set<Integer> hops) throws FileFormatException {
    if (!hops.contains(1) || hops.size() < 2) {
      throw new FileFormatException(
          trainFile, "must hold facts of 1 hop and of more, but has facts of " + hops + " hops");
    }
  }

  /**
   * @param train the facts to train on, by their number of hops
   * @throws FileFormatException unless there are facts of one hop and of more
   */
  static MultiHopDataset of(
      Vocabulary vocabulary, Path trainFile, Map<Integer, Facts> train, Split test)
      throws FileFormatException {
    checkHops(trainFile, train.keySet());
    ImmutableSortedMap<Integer, Facts> all = ImmutableSortedMap.copyOf(train);
    return new MultiHopDataset(
        vocabulary, Objects.requireNonNull(all.get(1)), all.tailMap(2, true), test);
  }

  /**
   * @param trained facts that those to test on must not contradict, by their number of hops
   */
  static Split readTest(
      Path file, Vocabulary vocabulary, RecordChecks checks, Map<Integer, ReadFacts> trained)
      throws IOException {
    Map<String, ReadFacts> tested = new LinkedHashMap<>();
    CheckedRecords test = new CheckedRecords(file, vocabulary, checks);
    test.read(
        (type, queryIds, answerId) -> {
          int hops = queryIds.length - 1;
          ReadFacts known = trained.get(hops);
          test.add(
              tested.computeIfAbsent(
                  testType(type, hops), unused -> new ReadFacts(vocabulary, hops)),
              queryIds,
              answerId,
              known);
        });
    test.requireSome();
    return ReadFacts.split(tested);
  }

  private static String testType(@Nullable String type, int hops) {
    if (type != null && type.endsWith(TEST_SUFFIX)) {
      return hops + TEST_SUFFIX;
    }
    if (type != null && type.endsWith(TRAIN_SUFFIX)) {
      return hops + TRAIN_SUFFIX;
    }
    if (type != null && type.equals(ATOMIC_IN_TEST) && hops == 1) {
      return ATOMIC_IN_TEST;
    }
    throw new IllegalArgumentException(
        "the type of a "
            + hops
            + "-hop test record must be "
            + ATOMIC_IN_TEST
            + " (of 1 hop), {k}"
            + TRAIN_SUFFIX
            + " or {k}"
            + TEST_SUFFIX
            + ", but is "
            + type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MultiHopDataset that
        && vocabulary.equals(that.vocabulary)
        && atomic.equals(that.atomic)
        && train.equals(that.train)
        && test.equals(that.test);
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary, atomic, train, test);
  }

  @Override
  public String toString() {
    return "MultiHopDataset["
        + minHops()
        + " to "
        + maxHops()
        + " hops, "
        + atomic.size()
        + " atomic facts]";
  }

  /**
   * Describes a {@link MultiHopDataset} of a graph. Immutable and thread-safe; each method returns
   * a changed one.
   */
  @CheckReturnValue
  public static final class Builder {
    private final ImmutableMultiHopPlan plan;

    private Builder(MultiHopPlan plan) {
      this.plan = ImmutableMultiHopPlan.copyOf(plan);
    }

    MultiHopPlan plan() {
      return plan;
    }

    /**
     * Sets the range of hops, both ends included; 2 to 40 by default.
     *
     * @throws IllegalArgumentException unless {@code 2 <= min <= max}
     */
    public Builder hops(int min, int max) {
      return new Builder(
          ImmutableMultiHopPlan.builder().from(plan).minHops(min).maxHops(max).build());
    }

    /**
     * Sets the number of training facts of each number of hops; 15,000 by default.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder trainPerHop(int facts) {
      return new Builder(plan.withTrainPerHop(facts));
    }

    /**
     * Sets the number of held-out facts of each number of hops; 750 by default.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder testPerHop(int facts) {
      return new Builder(plan.withTestPerHop(facts));
    }

    /**
     * Takes all facts of a number of hops where the graph has fewer than asked, and holds out this
     * share of them; without it that is an error.
     *
     * @throws IllegalArgumentException unless the share is above 0 and below 1
     */
    public Builder allWhereFewerExist(double testShare) {
      return new Builder(plan.withShareWhereFewer(testShare));
    }

    /**
     * Takes only queries with at most so many right answers; without it, queries with any number.
     * It changes nothing about the atomic facts, which are all taken. In a dense graph, few long
     * chains of relations end at few entities.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    public Builder maxAnswers(int answers) {
      return new Builder(plan.withMaxAnswers(answers));
    }

    /**
     * Holds facts of the graph out, as those of the validation and test files of a graph in three
     * files: the graph that was given is then the one to train on. Training queries walk through it
     * alone, and their answers follow from it.
     *
     * <p>Test queries walk through all facts, and have an answer that does not follow from the
     * training graph, which the field calls a hard one. A test fact's own answer is one of those;
     * all answers that follow from all facts are right. No query is in both.
     *
     * @param all the graph of all facts, also those to train on, with the same entities and
     *     relations in the same order
     * @throws IllegalArgumentException if it lacks a fact of the training graph, or has other
     *     entities or relations
     */
    public Builder testOn(KnowledgeGraph all) {
      HeldOutFacts.check(plan.graph(), all);
      return new Builder(plan.withTestGraph(all));
    }

    /** Sets the root seed; 42 by default. */
    public Builder seed(long root) {
      return new Builder(plan.withSeed(root));
    }

    /**
     * Draws the dataset, the numbers of hops in parallel; the same for any number of threads.
     *
     * @throws IllegalArgumentException if more distinct facts are asked than exist, or than an
     *     array holds; of several numbers of hops of which that is so, the message names the least.
     *     Also if the right answers take more than a quarter of the heap, as those of long chains
     *     in a dense graph may; {@link #maxAnswers} bounds them
     */
    public MultiHopDataset build() {
      return plan.draw();
    }

    /**
     * Draws a dataset straight into a folder in the published format, so that its facts need not
     * fit in memory. It takes the memory of the graph and some megabytes for each thread; where the
     * graph is {@link #testOn tested on} another, also that of the held-out facts of one number of
     * hops. The folder is written aside and renamed into place; meanwhile it needs disk for up to
     * four times the training facts of one number of hops, at 4 bytes a token.
     *
     * <p>It has the same kinds of facts as that of {@link #build}, as many and chosen by the same
     * rules, but others and in another order, with one difference: with {@link #testOn}, held-out
     * queries are drawn first, and training queries are drawn of the others. The files are the same
     * byte for byte for any number of threads and any memory. {@link MultiHopDataset#readMapped}
     * reads them without holding the facts, too.
     *
     * @throws IllegalArgumentException if more distinct facts are asked than exist; the message
     *     names the least number of hops of which that is so
     * @throws java.nio.file.DirectoryNotEmptyException if the folder holds a dataset, or a file
     *     that it would change
     * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted
     * @throws IOException if it cannot be written; nothing is left behind then
     */
    public void write(Path folder) throws IOException {
      DatasetFolder.of(folder)
          .create(new StreamedDataset(plan, QueryBuckets.BUCKET_BYTES)::writeFiles);
    }
  }
}
