package io.github.recurrent.dataset;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.recurrent.dataset.MultiHopDataset.ATOMIC_IN_TEST;
import static io.github.recurrent.dataset.MultiHopDataset.TEST_SUFFIX;
import static io.github.recurrent.dataset.MultiHopDataset.TRAIN_SUFFIX;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.immutables.value.Value;
import org.jspecify.annotations.Nullable;

/** How a {@link MultiHopDataset} is drawn from a graph. */
@Value.Immutable
@Value.Style(visibilityString = "PACKAGE")
abstract class MultiHopPlan {
  /** The most atomic facts, and the most training facts of each number of hops, in a test split. */
  static final int MAX_TRAINED_IN_TEST = 2000;

  abstract KnowledgeGraph graph();

  @Value.Default
  int minHops() {
    return 2;
  }

  @Value.Default
  int maxHops() {
    return 40;
  }

  @Value.Default
  int trainPerHop() {
    return 15_000;
  }

  @Value.Default
  int testPerHop() {
    return 750;
  }

  /**
   * Returns the share of the facts to hold out where there are fewer than asked, if that may be.
   */
  abstract OptionalDouble shareWhereFewer();

  /** Returns the graph of all facts, if some are held out of the one to train on. */
  abstract Optional<KnowledgeGraph> testGraph();

  /** Returns the most answers of a query, if that matters. */
  abstract OptionalInt maxAnswers();

  @Value.Default
  long seed() {
    return 42;
  }

  @Value.Check
  void check() {
    checkArgument(
        minHops() >= 2 && minHops() <= maxHops(),
        "hops must be a range from at least 2, beyond the atomic facts, but are %s to %s",
        minHops(),
        maxHops());
    checkArgument(trainPerHop() >= 1, "trainPerHop must be at least 1, but is %s", trainPerHop());
    checkArgument(testPerHop() >= 1, "testPerHop must be at least 1, but is %s", testPerHop());
    maxAnswers()
        .ifPresent(
            most -> checkArgument(most >= 1, "maxAnswers must be at least 1, but is %s", most));
    shareWhereFewer()
        .ifPresent(
            share ->
                checkArgument(
                    share > 0 && share < 1,
                    "the test share must be above 0 and below 1, but is %s",
                    share));
  }

  /** Draws the dataset; {@link MultiHopDataset.Builder#build} says what it throws. */
  final MultiHopDataset draw() {
    return draw(AnswerMemory.ofThisProgram());
  }

  /** Draws the dataset with so much memory for the right answers. */
  final MultiHopDataset draw(AnswerMemory memory) {
    checkArgument(
        ((long) trainPerHop() + testPerHop()) * (maxHops() + 2) < Integer.MAX_VALUE,
        "the facts of one number of hops have fewer than %s tokens, but %s to train on and %s to"
            + " test of %s hops have more",
        Integer.MAX_VALUE,
        trainPerHop(),
        testPerHop(),
        maxHops());
    GraphSize.check(graph());
    Vocabulary vocabulary = Vocabulary.of(graph());
    Seed root = Seed.of(seed()).child("multi-hop");
    GraphFacts trained = new GraphFacts(graph(), vocabulary, memory);
    ChosenQueries train = chosen(graph(), trained, null);
    Optional<ChosenQueries> heldOut =
        testGraph().map(all -> chosen(all, new GraphFacts(all, vocabulary, memory), trained));
    List<Supplier<Drawn>> outcomes =
        IntStream.rangeClosed(minHops(), maxHops())
            .parallel()
            .mapToObj(hops -> outcome(train, heldOut, hops, root.child("hops", hops)))
            .toList();
    List<Drawn> byHops = outcomes.stream().map(Supplier::get).toList();
    Facts atomic = trained.facts(1, trained.atomic(), root.child("atomic-answers"));
    ImmutableSortedMap.Builder<Integer, Facts> byNumber = ImmutableSortedMap.naturalOrder();
    ImmutableMap.Builder<String, Facts> test = ImmutableMap.builder();
    for (Drawn drawn : byHops) {
      byNumber.put(drawn.train().hops(), drawn.train());
      test.put(drawn.train().hops() + TEST_SUFFIX, drawn.test());
    }
    test.put(ATOMIC_IN_TEST, atomic.sample(MAX_TRAINED_IN_TEST, root.child(ATOMIC_IN_TEST)));
    for (Drawn drawn : byHops) {
      // They are in random order already.
      test.put(
          drawn.train().hops() + TRAIN_SUFFIX,
          MultiHopDataset.first(drawn.train(), MAX_TRAINED_IN_TEST));
    }
    return new MultiHopDataset(
        vocabulary, atomic, byNumber.buildOrThrow(), Split.of(test.buildOrThrow()));
  }

  /**
   * @param known what is known already, so that a query needs an answer that does not follow from
   *     it
   */
  final ChosenQueries chosen(KnowledgeGraph all, GraphFacts facts, @Nullable GraphFacts known) {
    return new ChosenQueries(all, maxHops(), facts, maxAnswers(), known);
  }

  /** The facts of one number of hops. */
  private record Drawn(Facts train, Facts test) {}

  /**
   * Draws now, and gives the facts or the error when asked: a parallel stream would wrap the error
   * of another thread, and which of several it throws is chance.
   */
  private Supplier<Drawn> outcome(
      ChosenQueries train, Optional<ChosenQueries> heldOut, int hops, Seed hopsSeed) {
    try {
      Drawn drawn =
          heldOut.isPresent()
              ? trainAndHeldOut(train, heldOut.get(), hops, hopsSeed)
              : trainAndTest(train, hops, hopsSeed);
      return () -> drawn;
    } catch (RuntimeException | Error e) {
      return () -> {
        throw e;
      };
    }
  }

  private Drawn trainAndTest(ChosenQueries chosen, int hops, Seed hopsSeed) {
    int wanted = trainPerHop() + testPerHop();
    int test = testPerHop();
    Walks queries = chosen.walks(hops, wanted, null);
    if (queries.size().orElse(wanted) < wanted && shareWhereFewer().isPresent()) {
      double share = shareWhereFewer().getAsDouble();
      wanted = queries.size().getAsInt();
      test = (int) shareOf(wanted, share, hops);
    }
    Facts drawn = chosen.facts(hops, queries.draw(wanted, hopsSeed), hopsSeed.child("answers"));
    return new Drawn(drawn.subList(0, wanted - test), drawn.subList(wanted - test, wanted));
  }

  /** Returns how many facts to hold out of those of a number of hops. */
  static long shareOf(long facts, double share, int hops) {
    long test = Math.round(share * facts);
    checkArgument(
        test >= 1 && test < facts,
        "a share of %s of the %s facts of %s hops leaves nothing to train on or to test; %s",
        share,
        facts,
        hops,
        facts < 2
            ? "no share can be had"
            : "from " + 1.0 / facts + " to " + (facts - 1.0) / facts + " can be had");
    return test;
  }

  private Drawn trainAndHeldOut(
      ChosenQueries train, ChosenQueries heldOut, int hops, Seed hopsSeed) {
    int[] trained = drawn(train.walks(hops, trainPerHop(), null), trainPerHop(), hopsSeed);
    Seed testSeed = hopsSeed.child("held-out");
    WalkSet others = WalkSet.of(hops + 1, trained);
    int[] tested = drawn(heldOut.walks(hops, testPerHop(), others), testPerHop(), testSeed);
    return new Drawn(
        train.facts(hops, trained, hopsSeed.child("answers")),
        heldOut.facts(hops, tested, testSeed.child("answers")));
  }

  /** Draws so many queries, or takes all where fewer exist and that may be. */
  final int[] drawn(Walks queries, int wanted, Seed seed) {
    int fewer = Math.min(wanted, queries.size().orElse(wanted));
    return queries.draw(shareWhereFewer().isPresent() && fewer > 0 ? fewer : wanted, seed);
  }
}
