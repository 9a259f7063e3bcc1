package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Ints;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiHopDatasetTest {
  private static final KnowledgeGraph PUBLISHED_SIZE =
      KnowledgeGraph.builder().entities(200).relations(10).permutations().seed(42).build();

  @TempDir Path folder;

  @Test
  void publishedSizeHasDistinctDisjointCorrectFactsOfEveryNumberOfHops() {
    MultiHopDataset data =
        MultiHopDataset.from(PUBLISHED_SIZE)
            .hops(2, 40)
            .trainPerHop(15_000)
            .testPerHop(750)
            .build();

    assertThat(data.atomic().size()).isEqualTo(2000);
    for (int hops = 2; hops <= 40; hops++) {
      assertThat(data.train(hops).size()).isEqualTo(15_000);
      assertThat(data.test(hops).size()).isEqualTo(750);
      Set<List<Integer>> distinct = new HashSet<>();
      checkFacts(PUBLISHED_SIZE, data.train(hops), distinct);
      checkFacts(PUBLISHED_SIZE, data.test(hops), distinct);
      assertThat(distinct).hasSize(15_750);
    }
    assertThat(data.test().facts("40hop_train").size()).isEqualTo(2000);
    assertThat(data.test().facts("atomic_facts").size()).isEqualTo(2000);
  }

  private static void checkFacts(KnowledgeGraph graph, Facts facts, Set<List<Integer>> distinct) {
    Vocabulary vocabulary = facts.vocabulary();
    for (int fact = 0; fact < facts.size(); fact++) {
      int entity = facts.queryId(fact, 0) - vocabulary.entityId(0);
      for (int hop = 1; hop <= facts.hops(); hop++) {
        int relation = facts.queryId(fact, hop) - vocabulary.relationId(0);
        entity = graph.tails(entity, relation).get(0);
      }
      if (facts.answerId(fact) != vocabulary.entityId(entity)) {
        throw new AssertionError("wrong answer of " + facts.query(fact));
      }
      distinct.add(Ints.asList(facts.queryIds(fact)));
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 3, 5, 1", "16, 8, 4, 2", "3, 1, 9, 3", "40, 4, 3, 4"})
  void allFactsAreTakenOnceWhereFewerExist(int entities, int relations, int maxHops, long seed) {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(entities).relations(relations).seed(seed).build();

    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, maxHops)
            .trainPerHop(900)
            .testPerHop(100)
            .allWhereFewerExist(0.4)
            .seed(seed)
            .build();

    for (int hops = 2; hops <= maxHops; hops++) {
      Set<List<Integer>> distinct = new HashSet<>();
      checkFacts(graph, data.train(hops), distinct);
      checkFacts(graph, data.test(hops), distinct);
      double existing = entities * Math.pow(relations, hops);
      assertThat(distinct).hasSize((int) Math.min(1000, existing));
      assertThat(data.train(hops).size() + data.test(hops).size()).isEqualTo(distinct.size());
    }
  }

  @Test
  void moreDistinctFactsThanExistAreRefused() {
    assertThatThrownBy(
            () ->
                MultiHopDataset.from(PUBLISHED_SIZE)
                    .hops(2, 2)
                    .trainPerHop(29_000)
                    .testPerHop(1_000)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("30000 distinct 2-hop facts")
        .hasMessageContaining("20000");
  }

  @Test
  void deadEndsOfAUsersGraphEndNoWalk() throws IOException {
    Path file = folder.resolve("chain.tsv");
    Files.writeString(file, "a\tr\tb\nb\tr\tc\nc\tr\td\na\ts\td\n");

    MultiHopDataset data =
        MultiHopDataset.from(KnowledgeGraph.read(file))
            .hops(2, 2)
            .trainPerHop(1)
            .testPerHop(1)
            .build();

    assertThat(Set.of(data.train(2).query(0).toString(), data.test(2).query(0).toString()))
        .containsExactlyInAnyOrder("<e_a><r_r><r_r>", "<e_b><r_r><r_r>");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void theNumberOfThreadsChangesNothing(int threads) throws Exception {
    MultiHopDataset.Builder builder =
        MultiHopDataset.from(PUBLISHED_SIZE).hops(2, 9).trainPerHop(300).testPerHop(20).seed(5);
    MultiHopDataset expected = builder.build();
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      assertThat(pool.submit(builder::build).get()).isEqualTo(expected);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anotherSeedGivesOtherFacts() {
    MultiHopDataset.Builder builder =
        MultiHopDataset.from(PUBLISHED_SIZE).hops(2, 3).trainPerHop(300).testPerHop(20);

    assertThat(builder.seed(1).build()).isNotEqualTo(builder.seed(2).build());
  }

  @Test
  void writtenFolderIsReadBackEqual() throws IOException {
    MultiHopDataset data =
        MultiHopDataset.from(PUBLISHED_SIZE).hops(2, 6).trainPerHop(2500).testPerHop(60).build();

    data.write(folder.resolve("data"));

    assertThat(MultiHopDataset.read(folder.resolve("data"))).isEqualTo(data);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("data"));
    }
    assertThat(folder.resolve("data/test_small.json")).exists();
    assertThat(folder.resolve("data/valid.json"))
        .hasSameBinaryContentAs(folder.resolve("data/test.json"));
    assertThat(folder.resolve("data/vocab.json")).content().startsWith("[\"<e_0>\"");
  }

  @Test
  void sameSeedWritesTheSameBytes() throws IOException {
    for (String name : List.of("a", "b")) {
      MultiHopDataset.from(PUBLISHED_SIZE)
          .hops(2, 4)
          .trainPerHop(100)
          .testPerHop(60)
          .build()
          .write(folder.resolve(name));
    }
    for (String file : List.of("train.json", "test.json", "test_small.json", "vocab.json")) {
      assertThat(folder.resolve("a").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
    }
  }

  @Test
  void publishedFolderIsReadWithItsRealHopsInSpiteOfItsLabels() throws Exception {
    MultiHopDataset data = MultiHopDataset.read(published());

    assertThat(data.atomic().size()).isEqualTo(36);
    assertThat(data.minHops()).isEqualTo(2);
    assertThat(data.maxHops()).isEqualTo(4);
    for (int hops = 2; hops <= 4; hops++) {
      assertThat(data.train(hops).size()).isEqualTo(50);
      assertThat(data.train(hops).query(0).hops()).isEqualTo(hops);
      assertThat(data.test(hops).size()).isEqualTo(10);
      assertThat(data.test().facts(hops + "hop_train").size()).isEqualTo(20);
    }
    assertThat(data.atomic().query(0)).isEqualTo(Query.of("<e_0>", "<r_0>"));
    assertThat(data.atomic().answer(0)).isEqualTo("<e_9>");
  }

  @Test
  void publishedFolderIsWrittenWithTheRightLabels() throws Exception {
    MultiHopDataset.read(published()).write(folder.resolve("again"));

    assertThat(folder.resolve("again/train.json"))
        .content()
        .contains("2hop_train", "3hop_train", "4hop_train")
        .doesNotContain("0hop_train", "1hop_train");
  }

  private static Path published() throws URISyntaxException {
    URL url =
        Objects.requireNonNull(
            MultiHopDatasetTest.class.getResource("/fixtures/published_multi_hop/vocab.json"));
    return Objects.requireNonNull(Path.of(url.toURI()).getParent());
  }

  @Test
  void theSmallTestHoldsTheFirstOfEveryHeldOutType() throws IOException {
    MultiHopDataset data =
        MultiHopDataset.from(
                KnowledgeGraph.builder().entities(30).relations(4).permutations().seed(3).build())
            .hops(2, 3)
            .trainPerHop(80)
            .testPerHop(60)
            .build();
    data.write(folder.resolve("small"));

    Split small = Split.read(folder.resolve("small/test_small.json"), data.vocabulary());

    assertThat(small.byType().keySet()).containsExactly("2hop_test", "3hop_test");
    small
        .byType()
        .forEach(
            (type, facts) -> {
              assertThat(facts.size()).isEqualTo(50);
              for (int fact = 0; fact < facts.size(); fact++) {
                assertThat(facts.queryIds(fact)).isEqualTo(data.test().facts(type).queryIds(fact));
              }
            });
  }

  @Test
  void aTestWithoutRecordsIsRefused() throws IOException {
    MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(3).seed(1).build())
        .hops(2, 2)
        .trainPerHop(30)
        .testPerHop(10)
        .build()
        .write(folder.resolve("empty"));
    Files.writeString(folder.resolve("empty/test.json"), "[]");

    assertThatThrownBy(() -> MultiHopDataset.read(folder.resolve("empty")))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("test.json");
  }

  @Test
  void existingFilesAreNotOverwritten() throws IOException {
    Path target = Files.createDirectory(folder.resolve("full"));
    Files.writeString(target.resolve("train.json"), "mine");

    assertThatThrownBy(() -> small().write(target))
        .isInstanceOf(DirectoryNotEmptyException.class)
        .hasMessageContaining("full");
    try (var files = Files.list(target)) {
      assertThat(files).containsExactly(target.resolve("train.json"));
    }
    assertThat(target.resolve("train.json")).hasContent("mine");
  }

  @Test
  void aDatasetSharesAFolderWithWhatHasItsVocabulary() throws IOException {
    Path target = Files.createDirectory(folder.resolve("shared"));
    small().vocabulary().write(target.resolve("vocab.json"));
    Files.writeString(target.resolve("thesis.txt"), "mine");

    small().write(target);

    assertThat(MultiHopDataset.read(target)).isEqualTo(small());
    assertThat(target.resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void missingFolderAndFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> MultiHopDataset.read(folder.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
    Path data = folder.resolve("data");
    small().write(data);
    Files.delete(data.resolve("test.json"));
    assertThatThrownBy(() -> MultiHopDataset.read(data))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("test.json")
        .hasMessageContaining("missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<e_0>|<e_0><e_1></a>|at least one relation",
        "<e_0><r_9>|<e_0><r_9><e_1></a>|unknown token \"<r_9>\"",
        "<e_0>x<r_0>|<e_0>x<r_0><e_1></a>|outside a token",
        "<r_0><r_0>|<r_0><r_0><e_1></a>|must be an entity",
        "<e_0><e_1>|<e_0><e_1><e_1></a>|must be a relation",
        "<e_0><r_0>|<e_0><r_0><r_1></a>|answer must be an entity",
        "<e_0><r_0>|<e_0><r_0><e_1>|</a>",
        "<e_0><r_0>|<e_1><r_0><e_1></a>|target_text"
      })
  void badRecordsAreNamedByFileAndNumber(String input, String target, String problem)
      throws IOException {
    Path data = folder.resolve("data");
    small().write(data);
    Files.writeString(
        data.resolve("train.json"),
        "[{\"input_text\": \"<e_0><r_0>\", \"target_text\": \"<e_0><r_0><e_1></a>\"}, {\"input_text\": \""
            + input
            + "\", \"target_text\": \""
            + target
            + "\"}]");

    assertThatThrownBy(() -> MultiHopDataset.read(data))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("train.json")
        .hasMessageContaining("record 2")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 200, 999})
  void truncatedJsonIsRefused(int length) throws IOException {
    Path data = folder.resolve("data");
    small().write(data);
    Path train = data.resolve("train.json");
    Files.writeString(train, Files.readString(train).substring(0, length));

    assertThatThrownBy(() -> MultiHopDataset.read(data))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("train.json");
  }

  @Test
  void nonsenseIsRejectedWithItsValue() {
    MultiHopDataset.Builder builder = MultiHopDataset.from(PUBLISHED_SIZE);
    Map<String, ThrowingCallable> nonsense =
        Map.of(
            "-1", () -> builder.trainPerHop(-1),
            "-2", () -> builder.testPerHop(-2),
            "0 to 5", () -> builder.hops(0, 5),
            "7 to 5", () -> builder.hops(7, 5),
            "1.5", () -> builder.allWhereFewerExist(1.5));
    nonsense.forEach(
        (value, call) ->
            assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(value));
  }

  private static MultiHopDataset small() {
    return MultiHopDataset.from(KnowledgeGraph.builder().entities(6).relations(2).seed(1).build())
        .hops(2, 3)
        .trainPerHop(15)
        .testPerHop(5)
        .build();
  }

  @Test
  void moreFactsThanAnArrayHoldsAreRefused() {
    KnowledgeGraph graph = KnowledgeGraph.builder().entities(200).relations(10).build();

    assertThatThrownBy(
            () ->
                MultiHopDataset.from(graph)
                    .hops(2, 40)
                    .trainPerHop(Integer.MAX_VALUE)
                    .testPerHop(1)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2147483647");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void ofSeveralNumbersOfHopsThatFailTheLeastIsNamedInItsOwnError(int threads) throws Exception {
    Path file = folder.resolve("chain.tsv");
    Files.writeString(file, "a\tr\tb\nb\tr\tc\nc\tr\td\nd\tr\te\n");
    MultiHopDataset.Builder builder =
        MultiHopDataset.from(KnowledgeGraph.read(file)).hops(2, 40).trainPerHop(1).testPerHop(1);
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(
              () ->
                  assertThatThrownBy(builder::build)
                      .isExactlyInstanceOf(IllegalArgumentException.class)
                      .hasNoCause()
                      .hasMessageStartingWith("2 distinct 4-hop facts were asked"))
          .get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aShareThatCannotBeHeldOutSaysWhichCan() {
    KnowledgeGraph graph = KnowledgeGraph.builder().entities(4).relations(1).seed(1).build();
    MultiHopDataset.Builder builder = MultiHopDataset.from(graph).hops(2, 3);

    assertThatThrownBy(() -> builder.allWhereFewerExist(0.01).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a share of 0.01 of the 4 facts of 2 hops")
        .hasMessageContaining("from 0.25 to 0.75 can be had");
    assertThat(builder.allWhereFewerExist(0.25).build().test(2).size()).isEqualTo(1);
    assertThat(builder.allWhereFewerExist(0.75).build().test(2).size()).isEqualTo(3);
  }
}
