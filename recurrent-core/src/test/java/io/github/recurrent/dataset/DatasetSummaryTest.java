package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.SmallGraphs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class DatasetSummaryTest {
  private static final KnowledgeGraph PAPER =
      KnowledgeGraph.builder().entities(200).relations(10).permutations().build();

  @Test
  void thePapersDataIsSummarizedWithoutAWarning() {
    MultiHopDataset data =
        MultiHopDataset.from(PAPER).hops(2, 4).trainPerHop(15_000).testPerHop(750).build();

    DatasetSummary summary = DatasetSummary.of(data);

    assertThat(summary.entities()).isEqualTo(200);
    assertThat(summary.degrees()).isEqualTo(new DatasetSummary.Degrees(2000, 0, 10, 10, 10, 0, 0));
    assertThat(summary.rows()).hasSize(4);
    assertThat(summary.rows().get(1).trained()).isEqualTo(15_000);
    assertThat(summary.rows().get(1).heldOut()).isEqualTo(750);
    assertThat(summary.ratio()).isEqualTo(7.5);
    assertThat(summary.warnings()).isEmpty();
    assertThat(summary.toString())
        .contains("2000 atomic facts", "φ = 7.50; the paper's are 3.6, 5.4")
        .doesNotContain("Warning");
  }

  @Test
  void thePapersRatioIsThatOfItsCompositions() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(300).relations(20).randomTails().build();

    for (double ratio : new double[] {7.2, 3.7}) {
      CompositionDataset data = CompositionDataset.from(graph).inferredRatio(ratio).build();
      assertThat(DatasetSummary.of(data).ratio()).isCloseTo(ratio, within(0.1));
    }
  }

  @Test
  void tooFewFactsAreToldInPlainWords() {
    MultiHopDataset data =
        MultiHopDataset.from(PAPER).hops(2, 2).trainPerHop(50).testPerHop(10).build();

    assertThat(DatasetSummary.of(data).warnings())
        .anySatisfy(
            warning -> assertThat(warning).contains("The paper's models generalize from 3.6"))
        .anySatisfy(warning -> assertThat(warning).contains("fewer than 20 training facts"));
    assertThat(DatasetSummary.of(data).toString()).contains("Warning: There are only ");
  }

  @Test
  void degreesAndDeadEndsAreThoseOfTheAtomicFacts() {
    KnowledgeGraph graph =
        SmallGraphs.of(
            "a | r | b", "a | r | c", "a | s | c", "b | r | a", "b | s | d", "d | r | c");
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 2).trainPerHop(3).testPerHop(1).build();

    assertThat(DatasetSummary.of(data).degrees())
        .isEqualTo(new DatasetSummary.Degrees(5, 1, 2, 3, 3, 1, 0));
  }

  @Test
  void theMostFrequentAnswersAreThoseOfTrainingFacts() {
    for (long seed = 0; seed < 5; seed++) {
      MultiHopDataset data =
          MultiHopDataset.from(SmallGraphs.random(20, 4, 50, seed))
              .hops(2, 2)
              .trainPerHop(60)
              .testPerHop(30)
              .seed(seed)
              .build();

      DatasetSummary.Row row = DatasetSummary.of(data).rows().get(1);

      assertThat(row.mostFrequent()).isCloseTo(baseline(data, false), within(1e-9));
      assertThat(row.mostFrequentOfRelation()).isCloseTo(baseline(data, true), within(1e-9));
      assertThat(row.meanAnswers()).isGreaterThan(1);
    }
  }

  private static double baseline(MultiHopDataset data, boolean byRelation) {
    Map<Integer, Map<Integer, Integer>> counts = new HashMap<>();
    Facts train = data.train(2);
    for (int fact = 0; fact < train.size(); fact++) {
      int key = byRelation ? train.queryId(fact, 2) : 0;
      train
          .answerIds(fact)
          .forEach(
              id ->
                  counts
                      .computeIfAbsent(key, unused -> new HashMap<>())
                      .merge(id, 1, Integer::sum));
    }
    Facts test = data.test(2);
    int right = 0;
    for (int fact = 0; fact < test.size(); fact++) {
      int key = byRelation ? test.queryId(fact, 2) : 0;
      Map<Integer, Integer> answers = counts.getOrDefault(key, Map.of());
      int best = -1;
      for (int id = 0; id < data.vocabulary().size(); id++) {
        if (best < 0 || answers.getOrDefault(id, 0) > answers.getOrDefault(best, 0)) {
          best = id;
        }
      }
      right += test.isAnswer(fact, best) ? 1 : 0;
    }
    return (double) right / test.size();
  }

  @Test
  void answersThatAreEasilyGuessedAreWarnedOf() {
    String[] triples = new String[90];
    for (int entity = 0; entity < 30; entity++) {
      triples[3 * entity] = "e" + entity + " | next | e" + (entity + 1) % 30;
      triples[3 * entity + 1] = "e" + entity + " | is a | thing";
      triples[3 * entity + 2] = "e" + entity + " | lies in | town";
    }
    MultiHopDataset data =
        MultiHopDataset.from(SmallGraphs.of(triples))
            .hops(2, 2)
            .trainPerHop(40)
            .testPerHop(20)
            .build();

    assertThat(DatasetSummary.of(data).warnings())
        .anySatisfy(
            warning -> assertThat(warning).contains("most frequent answer of the last relation"));
    assertThat(DatasetSummary.of(data).degrees().deadEnds()).isEqualTo(2);
  }

  @Test
  void noMoreAnswersAreCountedThanMay() {
    Vocabulary vocabulary = Vocabulary.of(PAPER);
    int[] ids = new int[3 * 10];
    for (int fact = 0; fact < 10; fact++) {
      ids[3 * fact] = vocabulary.entityId(fact);
      ids[3 * fact + 1] = vocabulary.relationId(0);
      ids[3 * fact + 2] = vocabulary.entityId(fact == 0 ? 20 : 30);
    }
    Facts facts = Facts.of(vocabulary, 1, ids);

    assertThat(new FrequentAnswers(facts, 10).accuracyOverall(facts)).isEqualTo(0.9);
    // Of the first fact alone.
    assertThat(new FrequentAnswers(facts, 1).accuracyOverall(facts)).isEqualTo(0.1);
  }

  /** Work that grows with the entities for each fact would take many minutes. */
  @Test
  void theTimeIsInProportionToTheFacts() {
    int entities = 1_000_000;
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(entities).relations(1).permutations().build();
    Vocabulary vocabulary = Vocabulary.of(graph);
    int relation = vocabulary.relationId(0);
    int[] atomic = new int[3 * entities];
    int[] composed = new int[4 * entities];
    for (int head = 0; head < entities; head++) {
      int tail = graph.tail(head);
      atomic[3 * head] = vocabulary.entityId(head);
      atomic[3 * head + 1] = relation;
      atomic[3 * head + 2] = vocabulary.entityId(tail);
      composed[4 * head] = vocabulary.entityId(head);
      composed[4 * head + 1] = relation;
      composed[4 * head + 2] = relation;
      composed[4 * head + 3] = vocabulary.entityId(graph.tail(tail));
    }
    ComposedFacts facts = new ComposedFacts(Facts.of(vocabulary, 1, atomic));

    int count =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> facts.count(Facts.of(vocabulary, 2, composed)));

    assertThat(count).isEqualTo(entities);
  }

  @Test
  void ofVeryManyAnswersSomeAreCountedOfEveryRelation() {
    KnowledgeGraph graph =
        KnowledgeGraph.builder().entities(4000).relations(10).randomTails().build();
    MultiHopDataset data =
        MultiHopDataset.from(graph).hops(2, 2).trainPerHop(1).testPerHop(1).build();
    Vocabulary vocabulary = data.vocabulary();
    // Every relation has an answer of its own to half of its queries.
    int[] ids = new int[3 * data.atomic().size()];
    for (int fact = 0; fact < data.atomic().size(); fact++) {
      int relation = data.atomic().queryId(fact, 1);
      ids[3 * fact] = data.atomic().queryId(fact, 0);
      ids[3 * fact + 1] = relation;
      ids[3 * fact + 2] =
          fact / 10 % 2 == 0 ? vocabulary.entityId(relation % 10) : data.atomic().answerId(fact);
    }
    Facts facts = Facts.of(vocabulary, 1, ids);

    FrequentAnswers all = new FrequentAnswers(facts, facts.size());
    FrequentAnswers some = new FrequentAnswers(facts, facts.size() / 10);

    assertThat(all.accuracyByRelation(facts)).isBetween(0.5, 0.51);
    assertThat(some.accuracyByRelation(facts)).isEqualTo(all.accuracyByRelation(facts));
  }
}
