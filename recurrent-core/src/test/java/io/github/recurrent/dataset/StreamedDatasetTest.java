package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Ints;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.graph.RecordChecks.Policy;
import io.github.recurrent.graph.SmallGraphs;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets that are written without being held. */
class StreamedDatasetTest {
  private static final RecordChecks UNITE = RecordChecks.of(Policy.REFUSE, Policy.UNITE);

  @TempDir Path folder;

  /** A part of the queries fits into so many bytes: each number gives other buckets. */
  private static void write(MultiHopDataset.Builder builder, long bucketBytes, Path folder)
      throws IOException {
    Files.createDirectory(folder);
    new StreamedDataset(builder.plan(), bucketBytes).writeFiles(folder);
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        hashes.put(
            String.valueOf(file.getFileName()),
            MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
      }
    }
    return hashes;
  }

  private static Set<String> checked(KnowledgeGraph graph, Facts facts) {
    Set<String> found = new HashSet<>();
    for (int fact = 0; fact < facts.size(); fact++) {
      Set<String> answers = new HashSet<>();
      facts
          .answerIds(fact)
          .forEach(id -> answers.add(Vocabulary.name(facts.vocabulary().token(id))));
      assertThat(graph.answers(facts.query(fact))).containsExactlyInAnyOrderElementsOf(answers);
      assertThat(answers).contains(Vocabulary.name(facts.answer(fact)));
      assertThat(found.add(facts.query(fact).toString())).as("distinct").isTrue();
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({"1, 2200", "2, 60", "3, 1"})
  void aDatasetHasTheFactsAskedForEachATrueChainOnceInOneSplit(long seed, int train)
      throws IOException {
    KnowledgeGraph graph = SmallGraphs.random(60, 8, 600, seed);
    Path data = folder.resolve("data");

    MultiHopDataset.from(graph).hops(2, 4).trainPerHop(train).testPerHop(75).seed(seed).write(data);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    assertThat(checked(graph, read.atomic()))
        .hasSize(
            MultiHopDataset.from(graph)
                .hops(2, 2)
                .trainPerHop(1)
                .testPerHop(1)
                .build()
                .atomic()
                .size());
    for (int hops = 2; hops <= 4; hops++) {
      Set<String> trained = checked(graph, read.train(hops));
      assertThat(trained).hasSize(train);
      Set<String> tested = checked(graph, read.test(hops));
      assertThat(tested).hasSize(75).doesNotContainAnyElementsOf(trained);
      Facts sample = read.test().facts(hops + "hop_train");
      assertThat(sample).isEqualTo(MultiHopDataset.first(read.train(hops), 2000));
    }
    assertThat(checked(graph, read.atomic()))
        .containsAll(checked(graph, read.test().facts("atomic_facts")));
    assertThat(hashes(data).get("valid.json")).isEqualTo(hashes(data).get("test.json"));
    Split small = Split.read(data.resolve("test_small.json"), read.vocabulary(), UNITE);
    assertThat(small.byType()).containsOnlyKeys("2hop_test", "3hop_test", "4hop_test");
    assertThat(small.facts("3hop_test")).isEqualTo(MultiHopDataset.first(read.test(3), 50));
  }

  private static MultiHopDataset.Builder manyQueries() {
    return MultiHopDataset.from(SmallGraphs.random(40, 6, 300, 3))
        .hops(2, 5)
        .trainPerHop(2500)
        .testPerHop(200)
        .allWhereFewerExist(0.1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theFilesAreTheSameForAnyNumberOfThreads(int threads) throws Exception {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    write(manyQueries(), 1 << 14, one);
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(
              () -> {
                write(manyQueries(), 1 << 14, other);
                return 0;
              })
          .get();
    } finally {
      pool.shutdown();
    }

    assertThat(hashes(other)).isEqualTo(hashes(one));
  }

  @ParameterizedTest
  @ValueSource(longs = {1 << 12, 1 << 17, 1 << 30})
  void theFilesAreTheSameForAnyMemory(long bucketBytes) throws IOException {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    write(manyQueries(), 1 << 14, one);
    write(manyQueries(), bucketBytes, other);

    assertThat(hashes(other)).isEqualTo(hashes(one));
    assertThat(hashes(one)).hasSize(5);
  }

  @Test
  void anotherSeedGivesOtherFacts() throws IOException {
    write(manyQueries(), 1 << 20, folder.resolve("one"));
    write(manyQueries().seed(7), 1 << 20, folder.resolve("other"));

    MultiHopDataset one = MultiHopDataset.read(folder.resolve("one"), UNITE);
    MultiHopDataset other = MultiHopDataset.read(folder.resolve("other"), UNITE);
    assertThat(one.train(5)).isNotEqualTo(other.train(5));
    assertThat(one.test(2)).isNotEqualTo(other.test(2));
  }

  @Test
  void theOrderOfFactsTellsNothingOfTheirHeads() throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(100).relations(20).permutations().seed(1).build();
    Path data = folder.resolve("data");
    MultiHopDataset.from(graph).hops(2, 2).trainPerHop(30_000).testPerHop(2000).write(data);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    // Of a shuffled half of all queries, each head and each last relation comes as often.
    for (Facts facts :
        List.of(
            read.test(2), read.train(2).subList(0, 2000), read.train(2).subList(28_000, 30_000))) {
      int[] heads = new int[10];
      int[] relations = new int[10];
      for (int fact = 0; fact < facts.size(); fact++) {
        heads[(facts.queryId(fact, 0) - 1) / 10]++;
        relations[(facts.queryId(fact, 2) - 101) / 2]++;
      }
      // Five standard deviations of what is 200 on average.
      assertThat(Ints.asList(heads)).allSatisfy(count -> assertThat(count).isBetween(133, 267));
      assertThat(Ints.asList(relations)).allSatisfy(count -> assertThat(count).isBetween(133, 267));
    }
  }

  /** By the least numbers of queries there are few enough to list, but each head has a hundred. */
  @Test
  void aListingThatIsBrokenOffDecidesNothing() throws IOException {
    List<String> triples = new ArrayList<>();
    for (int tail = 0; tail < 100; tail++) {
      for (int head = 0; head < 60; head++) {
        triples.add(head + " | r | t" + tail);
      }
      triples.add("t" + tail + " | s" + tail + " | " + tail % 60);
    }
    KnowledgeGraph graph = SmallGraphs.of(triples.toArray(String[]::new));
    Path data = folder.resolve("data");

    MultiHopDataset.from(graph).hops(2, 2).trainPerHop(900).testPerHop(100).write(data);

    Facts facts = MultiHopDataset.read(data, UNITE).train(2);
    int ofLastHeads = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      String head = facts.query(fact).headName();
      ofLastHeads += !head.startsWith("t") && Integer.parseInt(head) >= 40 ? 1 : 0;
    }
    // Five standard deviations of what is about 300 on average; listed were those of other heads.
    assertThat(ofLastHeads).isBetween(230, 370);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whereFewerQueriesExistAllAreTakenAndAShareHeldOut(long seed) throws IOException {
    KnowledgeGraph graph = SmallGraphs.random(12, 3, 20, seed);
    MultiHopDataset.Builder builder =
        MultiHopDataset.from(graph).hops(2, 4).trainPerHop(50_000).testPerHop(1000).seed(seed);
    Path data = folder.resolve("data");
    builder.allWhereFewerExist(0.3).write(data);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    MultiHopDataset built = builder.allWhereFewerExist(0.3).build();
    for (int hops = 2; hops <= 4; hops++) {
      Set<String> all = checked(graph, built.train(hops));
      all.addAll(checked(graph, built.test(hops)));
      Set<String> found = checked(graph, read.train(hops));
      found.addAll(checked(graph, read.test(hops)));
      assertThat(found).isEqualTo(all);
      assertThat(read.test(hops).size()).isEqualTo(built.test(hops).size());
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.write(folder.resolve("none")))
        .withMessageContaining("51000 distinct 2-hop facts were asked of a graph that has");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "2, 50000"})
  void queriesWithMoreAnswersThanAreWantedAreLeftOut(int most, int train) throws IOException {
    KnowledgeGraph graph = SmallGraphs.random(12, 3, 20, 6);
    Path data = folder.resolve("data");
    MultiHopDataset.Builder builder =
        MultiHopDataset.from(graph)
            .hops(2, 3)
            .trainPerHop(train)
            .testPerHop(4)
            .allWhereFewerExist(0.1)
            .maxAnswers(most);
    builder.write(data);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    for (int hops = 2; hops <= 3; hops++) {
      Facts facts = read.train(hops);
      assertThat(checked(graph, facts)).hasSize(builder.build().train(hops).size());
      for (int fact = 0; fact < facts.size(); fact++) {
        assertThat(facts.answers(fact)).isLessThanOrEqualTo(most);
      }
    }
  }

  @Test
  void whereChainsHaveTooManyAnswersTheMessageSaysSo() {
    KnowledgeGraph graph = SmallGraphs.random(60, 3, 4000, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MultiHopDataset.from(graph)
                    .hops(8, 8)
                    .trainPerHop(20)
                    .testPerHop(5)
                    .maxAnswers(3)
                    .write(folder.resolve("data")))
        .withMessageContaining("8-hop facts with at most 3 answers")
        .withMessageContaining("allow more answers");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void askedForMoreThanExistTheMessageSaysHowManyThereAre() {
    Stream<String> circle = IntStream.range(0, 400).mapToObj(i -> i + " | r | " + (i + 1) % 400);
    KnowledgeGraph graph = SmallGraphs.of(circle.toArray(String[]::new));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MultiHopDataset.from(graph)
                    .hops(2, 2)
                    .trainPerHop(90)
                    .testPerHop(311)
                    .write(folder.resolve("data")))
        .withMessageContaining("401 distinct 2-hop facts were asked of a graph that has 400");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void testQueriesNeedAHeldOutFactAndTrainingQueriesNone(long seed) throws IOException {
    KnowledgeGraph all = SmallGraphs.random(30, 4, 90, seed);
    Random random = new Random(seed);
    KnowledgeGraph train = SmallGraphs.part(all, (head, relation, tail) -> random.nextInt(5) > 0);
    Path data = folder.resolve("data");

    MultiHopDataset.from(train)
        .testOn(all)
        .hops(2, 4)
        .trainPerHop(100)
        .testPerHop(20)
        .seed(seed)
        .write(data);

    MultiHopDataset read = MultiHopDataset.read(data, UNITE);
    for (int hops = 2; hops <= 4; hops++) {
      Set<String> trained = checked(train, read.train(hops));
      assertThat(trained).hasSize(100);
      assertThat(checked(all, read.test(hops))).hasSize(20).doesNotContainAnyElementsOf(trained);
      Facts tested = read.test(hops);
      for (int fact = 0; fact < tested.size(); fact++) {
        assertThat(train.answers(tested.query(fact)))
            .doesNotContain(Vocabulary.name(tested.answer(fact)));
      }
    }
  }

  @Test
  void aFactsOwnAnswerIsAnyOfItsSet() throws IOException {
    KnowledgeGraph graph = SmallGraphs.of("a | r | b", "a | r | c", "a | r | d", "b | r | a");
    Set<String> own = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      Path data = folder.resolve("data" + seed);
      MultiHopDataset.from(graph).hops(2, 3).trainPerHop(1).testPerHop(1).seed(seed).write(data);
      own.add(MultiHopDataset.read(data, UNITE).atomic().answer(0));
    }

    assertThat(own).containsExactlyInAnyOrder("<e_b>", "<e_c>", "<e_d>");
  }

  @Test
  void aFolderThatHoldsADatasetKeepsIt() throws IOException {
    Path data = folder.resolve("data");
    manyQueries().write(data);
    Map<String, String> before = hashes(data);

    assertThatExceptionOfType(DirectoryNotEmptyException.class)
        .isThrownBy(() -> manyQueries().seed(1).write(data));

    assertThat(hashes(data)).isEqualTo(before);
  }

  /** More facts than are made at once. */
  @Test
  @Timeout(60)
  void aHeadMayHaveAnyNumberOfFacts() throws IOException {
    int tails = 70_000;
    Stream<String> facts = IntStream.range(0, tails).mapToObj(tail -> "hub | r | t" + tail);
    KnowledgeGraph graph =
        SmallGraphs.of(Stream.concat(facts, Stream.of("t0 | s | hub")).toArray(String[]::new));
    Path data = folder.resolve("data");
    MultiHopDataset.from(graph).hops(2, 2).trainPerHop(1).testPerHop(1).write(data);

    Facts atomic = MultiHopDataset.read(data, UNITE).atomic();
    assertThat(atomic.size()).isEqualTo(2);
    assertThat(atomic.answers(0)).isEqualTo(tails);
  }

  @Test
  void theSpaceOfQueriesThatRepeatOthersIsUsedAgain() throws IOException {
    Path file = folder.resolve("queries");
    int queries = 20_000;
    try (QueryBuckets buckets =
        QueryBuckets.create(file, 2, new QueryKeys(Seed.of(5)), queries, 1 << 30)) {
      for (int round = 0; round < 10; round++) {
        for (int query = 0; query < queries; query++) {
          buckets.add(new int[] {query, 0}, 0);
        }
        assertThat(buckets.dropRepeated()).isEqualTo(queries);
      }
      assertThat(Files.size(file)).isLessThan(3L * queries * 2 * Integer.BYTES);
    }
  }

  @ParameterizedTest
  @CsvSource({"40, 1000", "3, 1000", "5, 7"})
  void keysOrderQueriesWhereverTheyAreParted(int values, int queries) throws IOException {
    QueryKeys keys = new QueryKeys(Seed.of(5));
    Random random = new Random(values);
    int[][] rows = new int[queries][2];
    for (int[] row : rows) {
      row[0] = random.nextInt(values);
      row[1] = random.nextInt(values);
    }
    List<List<Integer>> expected =
        Stream.of(rows)
            .map(Ints::asList)
            .distinct()
            .sorted(
                (one, other) ->
                    Long.compareUnsigned(
                        keys.key(Ints.toArray(one), 0, 2), keys.key(Ints.toArray(other), 0, 2)))
            .toList();
    for (long bytes : new long[] {1, 1000, 1 << 20}) {
      try (QueryBuckets buckets =
          QueryBuckets.create(folder.resolve("queries"), 2, keys, queries, bytes)) {
        for (int[] row : rows) {
          buckets.add(row, 0);
        }
        assertThat(buckets.dropRepeated()).isEqualTo(expected.size());
        List<List<Integer>> found = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.count(); bucket++) {
          int[] sorted = buckets.sorted(bucket);
          for (int row = 0; row < sorted.length; row += 2) {
            found.add(List.of(sorted[row], sorted[row + 1]));
          }
        }
        assertThat(found).isEqualTo(expected);
      }
      assertThat(folder).isEmptyDirectory();
    }
  }
}
