package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.common.primitives.Ints;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.RecordChecks;
import io.github.recurrent.graph.RecordChecks.Policy;
import io.github.recurrent.graph.SmallGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of graphs in which a head has several tails by a relation. */
class SeveralAnswersTest {
  private static final RecordChecks UNITE = RecordChecks.of(Policy.REFUSE, Policy.UNITE);

  @TempDir Path folder;

  /** Returns the answers to all queries of a number of hops, by the ids of their tokens. */
  private static Map<List<Integer>, Set<Integer>> queries(KnowledgeGraph graph, int hops) {
    Vocabulary vocabulary = Vocabulary.of(graph);
    Map<List<Integer>, Set<Integer>> queries = new HashMap<>();
    for (int entity = 0; entity < graph.entities(); entity++) {
      queries.put(List.of(vocabulary.entityId(entity)), Set.of(vocabulary.entityId(entity)));
    }
    for (int hop = 0; hop < hops; hop++) {
      Map<List<Integer>, Set<Integer>> longer = new HashMap<>();
      queries.forEach(
          (query, ends) -> {
            for (int fact = 0; fact < graph.atomicFacts(); fact++) {
              if (ends.contains(vocabulary.entityId(graph.head(fact)))) {
                List<Integer> further = new ArrayList<>(query);
                further.add(vocabulary.relationId(graph.relation(fact)));
                longer
                    .computeIfAbsent(further, unused -> new TreeSet<>())
                    .add(vocabulary.entityId(graph.tail(fact)));
              }
            }
          });
      queries = longer;
    }
    return queries;
  }

  private static Set<List<Integer>> checked(
      Facts facts, Map<List<Integer>, Set<Integer>> expected) {
    Set<List<Integer>> found = new HashSet<>();
    for (int fact = 0; fact < facts.size(); fact++) {
      List<Integer> query = Ints.asList(facts.queryIds(fact));
      Set<Integer> answers = expected.getOrDefault(query, Set.of());
      assertThat(facts.answerIds(fact).asList()).containsExactlyElementsOf(answers);
      assertThat(facts.answers(fact)).isEqualTo(answers.size());
      assertThat(answers).contains(facts.answerId(fact));
      assertThat(found.add(query)).isTrue();
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({"5, 2, 6, 1", "6, 3, 12, 2", "8, 2, 3, 3", "3, 2, 9, 4", "12, 4, 20, 5"})
  void eachQueryIsOneFactWithAllItsAnswers(int entities, int relations, int triples, long seed) {
    KnowledgeGraph graph = SmallGraphs.random(entities, relations, triples, seed);
    assertThat(graph.isAmbiguous()).isTrue();

    MultiHopDataset data =
        MultiHopDataset.from(graph)
            .hops(2, 4)
            .trainPerHop(50_000)
            .testPerHop(1000)
            .allWhereFewerExist(0.3)
            .seed(seed)
            .build();

    Map<List<Integer>, Set<Integer>> atomic = queries(graph, 1);
    assertThat(checked(data.atomic(), atomic)).isEqualTo(atomic.keySet());
    for (int hops = 2; hops <= 4; hops++) {
      Map<List<Integer>, Set<Integer>> expected = queries(graph, hops);
      Set<List<Integer>> train = checked(data.train(hops), expected);
      Set<List<Integer>> test = checked(data.test(hops), expected);
      assertThat(train).doesNotContainAnyElementsOf(test);
      train.addAll(test);
      assertThat(train).isEqualTo(expected.keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void drawnQueriesAreDistinctAndInOneSplitOnly(long seed) {
    KnowledgeGraph graph = SmallGraphs.random(30, 6, 120, seed);

    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 3).trainPerHop(60).testPerHop(20).seed(seed).build();

    for (int hops = 2; hops <= 3; hops++) {
      Map<List<Integer>, Set<Integer>> expected = queries(graph, hops);
      assertThat(expected.size()).isGreaterThan(4 * 80);
      assertThat(checked(data.train(hops), expected))
          .hasSize(60)
          .doesNotContainAnyElementsOf(checked(data.test(hops), expected));
      assertThat(data.test(hops).size()).isEqualTo(20);
    }
  }

  @Test
  void askedForMoreThanExistTheMessageCountsQueriesAndNotWalks() {
    KnowledgeGraph graph =
        SmallGraphs.of(
            "a | r | b", "a | r | c", "a | r | d", "b | s | e", "c | s | e", "d | s | e");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> MultiHopDataset.from(graph).hops(2, 2).trainPerHop(1).testPerHop(1).build())
        .withMessageContaining("2 distinct 2-hop facts were asked of a graph that has 1;");
  }

  @Test
  void aFactsOwnAnswerIsAnyOfItsSet() {
    KnowledgeGraph graph = SmallGraphs.of("a | r | b", "a | r | c", "a | r | d", "b | r | a");
    Set<String> own = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      MultiHopDataset data =
          MultiHopDataset.from(graph).hops(2, 3).trainPerHop(1).testPerHop(1).seed(seed).build();
      own.add(data.atomic().answer(0));
    }

    assertThat(own).containsExactlyInAnyOrder("<e_b>", "<e_c>", "<e_d>");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void queriesWithMoreAnswersThanAreWantedAreLeftOut(int most) {
    KnowledgeGraph graph = SmallGraphs.random(12, 3, 20, 6);
    MultiHopDataset.Builder builder = MultiHopDataset.from(graph).hops(2, 3).maxAnswers(most);

    MultiHopDataset all =
        builder.trainPerHop(50_000).testPerHop(100).allWhereFewerExist(0.2).build();
    MultiHopDataset few = builder.trainPerHop(8).testPerHop(2).build();

    for (int hops = 2; hops <= 3; hops++) {
      Map<List<Integer>, Set<Integer>> expected = queries(graph, hops);
      expected.values().removeIf(answers -> answers.size() > most);
      Set<List<Integer>> found = checked(all.train(hops), expected);
      found.addAll(checked(all.test(hops), expected));
      assertThat(found).isEqualTo(expected.keySet());
      assertThat(checked(few.train(hops), expected)).hasSize(8);
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
                    .build())
        .withMessageContaining("8-hop facts with at most 3 answers")
        .withMessageContaining("allow more answers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MultiHopDataset.from(graph).maxAnswers(0))
        .withMessageContaining("maxAnswers must be at least 1, but is 0");
  }

  @Test
  void answersOfManyLongChainsThroughADenseGraphAreFound() {
    KnowledgeGraph graph = SmallGraphs.random(1500, 20, 30_000, 1);

    MultiHopDataset data =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () ->
                MultiHopDataset.from(graph).hops(40, 40).trainPerHop(3000).testPerHop(100).build());

    assertThat(data.train(40).answers(0)).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aWrittenDatasetIsReadBackEqual(long seed) throws IOException {
    KnowledgeGraph graph = SmallGraphs.random(15, 4, 40, seed);
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 3).trainPerHop(60).testPerHop(20).seed(seed).build();
    CompositionDataset composed =
        CompositionDataset.from(graph).oodShare(0.2).heldOutShare(0.1).inferredRatio(0.5).build();

    data.write(folder.resolve("hops"));
    composed.write(folder.resolve("composed"));

    assertThat(MultiHopDataset.read(folder.resolve("hops"), UNITE)).isEqualTo(data);
    assertThat(CompositionDataset.read(folder.resolve("composed"), UNITE)).isEqualTo(composed);
    assertThat(Split.read(folder.resolve("hops/test.json"), data.vocabulary(), UNITE))
        .isEqualTo(data.test());
    assertThat(MultiHopDataset.read(folder.resolve("hops")).train(2).size()).isGreaterThan(60);
  }

  @Test
  void unitedRecordsAreCountedWhereTheyRepeatOrContradictAnotherFile() throws IOException {
    KnowledgeGraph graph = SmallGraphs.of("a | r | b", "a | r | c", "b | r | a", "c | r | c");
    Path data = folder.resolve("data");
    MultiHopDataset.from(graph).hops(2, 2).trainPerHop(2).testPerHop(1).build().write(data);
    String record = "{\"input_text\":\"<e_a><r_r>\",\"target_text\":\"<e_a><r_r>%s</a>\",%s},";
    String type = "\"type\":\"atomic_facts\"";
    prepend(data.resolve("train.json"), String.format(record, "<e_c>", "\"type\":\"atomic\""));
    prepend(data.resolve("test.json"), String.format(record, "<e_a>", type));
    List<RecordChecks.Counts> counts = new ArrayList<>();

    MultiHopDataset read =
        MultiHopDataset.read(
            data, RecordChecks.of(Policy.COUNT, Policy.UNITE).listener(counts::add));

    assertThat(read.atomic().size()).isEqualTo(3);
    assertThat(read.atomic().answer(0)).isEqualTo("<e_c>");
    assertThat(counts.get(0).repeated()).isOne();
    assertThat(counts.get(0).contradictory()).isZero();
    assertThat(counts.get(1).contradictory()).isOne();
    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(() -> MultiHopDataset.read(data, UNITE))
        .withMessageContaining("repeats an earlier record");
  }

  private static void prepend(Path file, String record) throws IOException {
    Files.writeString(file, "[" + record + Files.readString(file).substring(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aCompositionIsOfAKindOnlyIfAllItsWaysAre(long seed) {
    KnowledgeGraph graph = SmallGraphs.random(25, 4, 50, seed);
    CompositionDataset data =
        CompositionDataset.from(graph)
            .oodShare(0.4)
            .heldOutShare(0.2)
            .inferredRatio(0.5)
            .seed(seed)
            .build();

    Map<List<Integer>, Set<Integer>> atomic = queries(graph, 1);
    Map<List<Integer>, Set<Integer>> expected = queries(graph, 2);
    Set<List<Integer>> ood = checked(data.test().facts(CompositionDataset.OOD_ATOMIC), atomic);
    Set<List<Integer>> id = checked(data.test().facts(CompositionDataset.ID_ATOMIC), atomic);
    assertThat(id).doesNotContainAnyElementsOf(ood);
    Set<List<Integer>> inferred = checked(data.inferred(), expected);
    Set<List<Integer>> heldOut =
        checked(data.test().facts(CompositionDataset.TEST_INFERRED_IID), expected);
    assertThat(inferred).doesNotContainAnyElementsOf(heldOut);
    Set<List<Integer>> oodOnly = checked(data.validation(), expected);
    for (List<Integer> query : expected.keySet()) {
      Set<Boolean> kinds = new HashSet<>();
      List<Integer> first = query.subList(0, 2);
      kinds.add(ood.contains(first));
      for (int bridge : atomic.getOrDefault(first, Set.of())) {
        List<Integer> second = List.of(bridge, query.get(2));
        if (atomic.containsKey(second)) {
          kinds.add(ood.contains(second));
        }
      }
      assertThat(oodOnly.contains(query)).isEqualTo(kinds.equals(Set.of(true)));
      if (inferred.contains(query) || heldOut.contains(query)) {
        assertThat(kinds).containsExactly(false);
      }
    }
  }

  @Test
  void moreRightAnswersThanThereIsMemoryForAreRefusedBeforeItIsUsedUp() {
    // Two hops by "many" have most entities as answers, and others at most 20.
    Random random = new Random(3);
    String[] triples = new String[200 * 21];
    for (int index = 0; index < triples.length; index++) {
      int head = index / 21;
      int step = index % 21;
      triples[index] =
          step == 0
              ? head + " | next | " + (head + 1) % 200
              : head + " | many | " + random.nextInt(200);
    }
    MultiHopPlan plan =
        ImmutableMultiHopPlan.builder()
            .graph(SmallGraphs.of(triples))
            .minHops(2)
            .maxHops(2)
            .trainPerHop(150)
            .testPerHop(20)
            .build();
    MultiHopPlan few = ImmutableMultiHopPlan.copyOf(plan).withMaxAnswers(20);

    assertThat(plan.draw(new AnswerMemory(1_000_000)).test(2).size()).isEqualTo(20);
    assertThat(few.draw(new AnswerMemory(240_000)).test(2).size()).isEqualTo(20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.draw(new AnswerMemory(240_000)))
        .withMessageMatching(
            ".* more than 0\\.1 MB, which is a quarter of the heap: the first \\d+ queries have"
                + " \\d+\\.\\d on average; .*maxAnswers\\(n\\).*");
  }
}
