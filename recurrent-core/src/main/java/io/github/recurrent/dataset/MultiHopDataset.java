package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Facts of many numbers of hops, for depth extrapolation (paper §4): all atomic facts of a graph,
 * and for each number of hops distinct facts to train on and others to test on. Immutable and
 * thread-safe.
 */
public final class MultiHopDataset {
  /** The most atomic facts, and the most training facts of each number of hops, in a test split. */
  private static final int MAX_TRAINED_IN_TEST = 2000;

  private static final int SMALL_TEST = 50;

  static final String ATOMIC_IN_TRAIN = "atomic";
  static final String ATOMIC_IN_TEST = "atomic_facts";
  static final String TRAIN_SUFFIX = "hop_train";
  private static final String TEST_SUFFIX = "hop_test";

  private final Vocabulary vocabulary;
  private final Facts atomic;
  private final ImmutableSortedMap<Integer, Facts> train;
  private final Split test;

  private MultiHopDataset(
      Vocabulary vocabulary, Facts atomic, ImmutableSortedMap<Integer, Facts> train, Split test) {
    this.vocabulary = vocabulary;
    this.atomic = atomic;
    this.train = train;
    this.test = test;
  }

  /** Begins a dataset of random walks through a graph; defaults are the paper's. */
  public static Builder from(KnowledgeGraph graph) {
    return new Builder(graph);
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
   * Writes the dataset as a folder in the published format. The folder is written aside and renamed
   * into place.
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

  private static Facts first(Facts facts, int count) {
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
   * contradicts it where it has another answer.
   *
   * @throws FileFormatException if a file is missing or a record is bad, or there are records
   *     that the checks refuse
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
                OptionalInt.empty()));
    if (!trained.containsKey(1) || trained.size() < 2) {
      throw new FileFormatException(
          trainFile,
          "must hold facts of 1 hop and of more, but has facts of " + trained.keySet() + " hops");
    }
    Map<String, ReadFacts> tested = new LinkedHashMap<>();
    Path testFile = DatasetFolder.file(folder, DatasetFolder.TEST);
    CheckedRecords test = new CheckedRecords(testFile, vocabulary, checks);
    test.read(
        (type, queryIds, answerId) -> {
          int hops = queryIds.length - 1;
          ReadFacts known = trained.get(hops);
          test.add(
              tested.computeIfAbsent(
                  testType(type, hops), unused -> new ReadFacts(vocabulary, hops)),
              queryIds,
              answerId,
              known == null ? OptionalInt.empty() : known.answer(queryIds));
        });
    test.requireSome();
    ImmutableSortedMap.Builder<Integer, Facts> facts = ImmutableSortedMap.naturalOrder();
    trained.forEach((hops, read) -> facts.put(hops, read.build()));
    ImmutableSortedMap<Integer, Facts> all = facts.buildOrThrow();
    return new MultiHopDataset(
        vocabulary,
        Objects.requireNonNull(all.get(1)),
        all.tailMap(2, true),
        ReadFacts.split(tested));
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

  /** Builds a {@link MultiHopDataset}. Not thread-safe. */
  public static final class Builder {
    private final KnowledgeGraph graph;
    private int minHops = 2;
    private int maxHops = 40;
    private int trainPerHop = 15_000;
    private int testPerHop = 750;
    private double shareWhereFewer;
    private long seed = 42;

    private Builder(KnowledgeGraph graph) {
      this.graph = graph;
    }

    /**
     * Sets the range of hops, both ends included; 2 to 40 by default.
     *
     * @throws IllegalArgumentException unless {@code 2 <= min <= max}
     */
    @CanIgnoreReturnValue
    public Builder hops(int min, int max) {
      checkArgument(
          min >= 2 && min <= max,
          "hops must be a range from at least 2, beyond the atomic facts, but are %s to %s",
          min,
          max);
      minHops = min;
      maxHops = max;
      return this;
    }

    /**
     * Sets the number of training facts of each number of hops; 15,000 by default.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    @CanIgnoreReturnValue
    public Builder trainPerHop(int facts) {
      checkArgument(facts >= 1, "trainPerHop must be at least 1, but is %s", facts);
      trainPerHop = facts;
      return this;
    }

    /**
     * Sets the number of held-out facts of each number of hops; 750 by default.
     *
     * @throws IllegalArgumentException if it is not at least 1
     */
    @CanIgnoreReturnValue
    public Builder testPerHop(int facts) {
      checkArgument(facts >= 1, "testPerHop must be at least 1, but is %s", facts);
      testPerHop = facts;
      return this;
    }

    /**
     * Takes all facts of a number of hops where the graph has fewer than asked, and holds out this
     * share of them; without it that is an error.
     *
     * @throws IllegalArgumentException unless the share is above 0 and below 1
     */
    @CanIgnoreReturnValue
    public Builder allWhereFewerExist(double testShare) {
      checkArgument(
          testShare > 0 && testShare < 1,
          "the test share must be above 0 and below 1, but is %s",
          testShare);
      shareWhereFewer = testShare;
      return this;
    }

    /** Sets the root seed; 42 by default. */
    @CanIgnoreReturnValue
    public Builder seed(long root) {
      seed = root;
      return this;
    }

    /**
     * Draws the dataset, the numbers of hops in parallel; the same for any number of threads.
     *
     * @throws IllegalArgumentException if more distinct facts are asked than exist, or than an
     *     array holds; of several numbers of hops of which that is so, the message names the least
     */
    public MultiHopDataset build() {
      checkArgument(
          ((long) trainPerHop + testPerHop) * (maxHops + 2) < Integer.MAX_VALUE,
          "the facts of one number of hops have fewer than %s tokens, but %s to train on and %s to"
              + " test of %s hops have more",
          Integer.MAX_VALUE,
          trainPerHop,
          testPerHop,
          maxHops);
      Vocabulary vocabulary = Vocabulary.of(graph);
      Seed root = Seed.of(seed).child("multi-hop");
      WalkCounts counts = new WalkCounts(graph, maxHops);
      List<Supplier<Drawn>> outcomes =
          IntStream.rangeClosed(minHops, maxHops)
              .parallel()
              .mapToObj(hops -> outcome(vocabulary, counts, hops, root.child("hops", hops)))
              .toList();
      List<Drawn> byHops = outcomes.stream().map(Supplier::get).toList();
      Facts atomic = GraphFacts.atomic(graph, vocabulary);
      ImmutableSortedMap.Builder<Integer, Facts> train = ImmutableSortedMap.naturalOrder();
      ImmutableMap.Builder<String, Facts> test = ImmutableMap.builder();
      for (Drawn drawn : byHops) {
        train.put(drawn.train().hops(), drawn.train());
        test.put(drawn.train().hops() + TEST_SUFFIX, drawn.test());
      }
      test.put(
          ATOMIC_IN_TEST,
          GraphFacts.sample(atomic, MAX_TRAINED_IN_TEST, root.child(ATOMIC_IN_TEST)));
      for (Drawn drawn : byHops) {
        // They are in random order already.
        test.put(drawn.train().hops() + TRAIN_SUFFIX, first(drawn.train(), MAX_TRAINED_IN_TEST));
      }
      return new MultiHopDataset(
          vocabulary, atomic, train.buildOrThrow(), Split.of(test.buildOrThrow()));
    }

    /** The facts of one number of hops. */
    private record Drawn(Facts train, Facts test) {}

    /**
     * Draws now, and gives the facts or the error when asked: a parallel stream would wrap the
     * error of another thread, and which of several it throws is chance.
     */
    private Supplier<Drawn> outcome(
        Vocabulary vocabulary, WalkCounts counts, int hops, Seed hopsSeed) {
      try {
        Drawn drawn = trainAndTest(vocabulary, counts, hops, hopsSeed);
        return () -> drawn;
      } catch (RuntimeException | Error e) {
        return () -> {
          throw e;
        };
      }
    }

    private Drawn trainAndTest(Vocabulary vocabulary, WalkCounts counts, int hops, Seed hopsSeed) {
      Walks walks = new Walks(graph, counts, hops);
      int wanted = trainPerHop + testPerHop;
      int test = testPerHop;
      if (walks.size() < wanted && shareWhereFewer > 0) {
        wanted = (int) walks.size();
        test = (int) Math.round(shareWhereFewer * wanted);
        checkArgument(
            test >= 1 && test < wanted,
            "a share of %s of the %s facts of %s hops leaves nothing to train on or to test; %s",
            shareWhereFewer,
            wanted,
            hops,
            wanted < 2
                ? "no share can be had"
                : "from " + 1.0 / wanted + " to " + (wanted - 1.0) / wanted + " can be had");
      }
      Facts drawn = GraphFacts.of(vocabulary, hops, walks.draw(wanted, hopsSeed));
      return new Drawn(drawn.subList(0, wanted - test), drawn.subList(wanted - test, wanted));
    }
  }
}
