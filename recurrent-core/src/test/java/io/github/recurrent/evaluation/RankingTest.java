package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.SmallGraphs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  @Test
  void ranksAreThoseOfAPlainCount() {
    for (int round = 0; round < 20; round++) {
      KnowledgeGraph graph = SmallGraphs.random(15, 3, 40, round);
      Vocabulary vocabulary = Vocabulary.of(graph);
      Facts facts = AmbiguousFacts.of(graph, vocabulary, 2);
      Facts atomic = AmbiguousFacts.of(graph, vocabulary, 1);
      LogitsReasoner reasoner = reasoner(vocabulary);

      Ranking.Row row =
          Ranking.of(reasoner, Split.of(ImmutableMap.of("two", facts)))
              .guessingFrom(List.of(atomic, facts))
              .run()
              .row("two");

      double[] model = expected(facts, (fact, id) -> logits(vocabulary, fact, id));
      assertThat(row.facts()).isEqualTo(facts.size());
      assertThat(row.hitsAt1()).isCloseTo(model[0], CLOSE);
      assertThat(row.hitsAt3()).isCloseTo(model[1], CLOSE);
      assertThat(row.hitsAt10()).isCloseTo(model[2], CLOSE);
      assertThat(row.meanReciprocalRank()).isCloseTo(model[3], CLOSE);
      assertThat(row.meanAnswers()).isCloseTo(model[4], CLOSE);
      double[] guess =
          expected(facts, (query, id) -> count(atomic, query, id) + count(facts, query, id));
      assertThat(row.guessHitsAt1()).isCloseTo(guess[0], CLOSE);
      assertThat(row.guessHitsAt3()).isCloseTo(guess[1], CLOSE);
      assertThat(row.guessHitsAt10()).isCloseTo(guess[2], CLOSE);
      assertThat(row.guessMeanReciprocalRank()).isCloseTo(guess[3], CLOSE);
    }
  }

  @Test
  void otherRightAnswersDoNotCountAgainstOne() {
    KnowledgeGraph graph =
        SmallGraphs.of("a | r | b", "a | r | c", "a | r | d", "e | s | f", "e | s | g");
    Facts facts = AmbiguousFacts.of(graph, Vocabulary.of(graph), 1).subList(0, 1);

    Ranking.Row row =
        Ranking.of(knowing(facts, "b", "c", "e", "d"), Split.of(ImmutableMap.of("one", facts)))
            .run()
            .row("one");

    // b and c come first; before d there is only e.
    assertThat(row.meanAnswers()).isEqualTo(3);
    assertThat(row.hitsAt1()).isCloseTo(2.0 / 3, CLOSE);
    assertThat(row.hitsAt3()).isEqualTo(1);
    assertThat(row.meanReciprocalRank()).isCloseTo((1 + 1 + 0.5) / 3, CLOSE);
    assertThat(row.guessHitsAt1()).isNaN();
  }

  @Test
  void aModelThatCannotTellEntitiesApartHitsNothing() {
    KnowledgeGraph graph = SmallGraphs.random(50, 2, 30, 1);
    Vocabulary vocabulary = Vocabulary.of(graph);
    Facts facts = AmbiguousFacts.of(graph, vocabulary, 1);

    Ranking.Row row =
        Ranking.of(
                new LogitsReasoner(vocabulary, query -> new float[vocabulary.size()]),
                Split.of(ImmutableMap.of("one", facts)))
            .run()
            .row("one");

    assertThat(row.hitsAt1()).isZero();
    assertThat(row.hitsAt10()).isZero();
    assertThat(row.meanReciprocalRank()).isLessThan(0.05);
  }

  @Test
  void onlyAnswersBeyondAKnownGraphAreHard() {
    KnowledgeGraph graph = SmallGraphs.of("a | r | b", "a | r | c", "e | r | a", "c | r | f");
    KnowledgeGraph known = SmallGraphs.of("e | r | a", "c | r | f", "a | r | b");
    Vocabulary vocabulary = Vocabulary.of(graph);
    Facts facts = AmbiguousFacts.of(graph, vocabulary, 1);
    KnowledgeGraph other = SmallGraphs.of("a | r | z");

    Ranking.Run run =
        Ranking.of(knowing(facts, "b", "f", "c"), Split.of(ImmutableMap.of("one", facts)));
    Ranking.Row row = run.hardAnswers(known).run().row("one");

    assertThat(row.facts()).isEqualTo(1);
    assertThat(row.meanAnswers()).isEqualTo(1);
    // The known answer b does not count against c; f does.
    assertThat(row.meanReciprocalRank()).isEqualTo(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run.hardAnswers(other))
        .withMessageContaining("<e_z>");
  }

  @Test
  void aTypeWithoutHardAnswersHasNoFigures() {
    KnowledgeGraph graph = SmallGraphs.random(8, 2, 10, 2);
    Facts facts = AmbiguousFacts.of(graph, Vocabulary.of(graph), 1);

    Ranking ranking =
        Ranking.of(reasoner(facts.vocabulary()), Split.of(ImmutableMap.of("one", facts)))
            .hardAnswers(graph)
            .run();

    assertThat(ranking.row("one").facts()).isZero();
    assertThat(ranking.row("one").hitsAt1()).isNaN();
    assertThat(Report.ofJson(ranking.toJson(), Ranking.class)).isEqualTo(ranking);
  }

  @Test
  void aRankingIsReadBackFromItsJson() {
    KnowledgeGraph graph = SmallGraphs.random(12, 3, 30, 4);
    Facts facts = AmbiguousFacts.of(graph, Vocabulary.of(graph), 1);

    Ranking ranking =
        Ranking.of(reasoner(facts.vocabulary()), Split.of(ImmutableMap.of("one", facts)))
            .guessingFrom(List.of(facts))
            .run();

    assertThat(Report.ofJson(ranking.toJson(), Ranking.class)).isEqualTo(ranking);
    assertThat(ranking.toJson()).contains("\"hits_at_10\"", "\"guess_mean_reciprocal_rank\"");
    assertThat(ranking.table().rows()).hasSize(1);
  }

  @Test
  void theGuessNeedsFactsOfTheModelsVocabulary() {
    KnowledgeGraph graph = SmallGraphs.random(8, 2, 10, 2);
    KnowledgeGraph other = SmallGraphs.random(9, 2, 10, 2);
    Facts facts = AmbiguousFacts.of(graph, Vocabulary.of(graph), 1);
    Facts others = AmbiguousFacts.of(other, Vocabulary.of(other), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Ranking.of(reasoner(facts.vocabulary()), Split.of(ImmutableMap.of("one", facts)))
                    .guessingFrom(List.of(others)))
        .withMessageContaining("vocabulary");
  }

  /** Few different values, so that many are equal. */
  private static double logits(Vocabulary vocabulary, int[] query, int id) {
    return new Random(31L * Arrays.hashCode(query) + id).nextInt(1 + vocabulary.entities() / 3);
  }

  private static LogitsReasoner reasoner(Vocabulary vocabulary) {
    return new LogitsReasoner(
        vocabulary,
        query -> {
          float[] logits = new float[vocabulary.size()];
          for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) logits(vocabulary, query, id);
          }
          return logits;
        });
  }

  /** Returns a model that prefers the given entities, the first most. */
  private static LogitsReasoner knowing(Facts facts, String... names) {
    float[] logits = new float[facts.vocabulary().size()];
    for (int place = 0; place < names.length; place++) {
      logits[facts.vocabulary().id(Vocabulary.entityToken(names[place]))] = 20 - place;
    }
    return new LogitsReasoner(facts.vocabulary(), query -> logits);
  }

  private static int count(Facts trained, int[] query, int id) {
    int count = 0;
    for (int fact = 0; fact < trained.size(); fact++) {
      int[] other = trained.queryIds(fact);
      boolean sameEnd = other[other.length - 1] == query[query.length - 1];
      count += sameEnd && trained.isAnswer(fact, id) ? 1 : 0;
    }
    return count;
  }

  private static double[] expected(Facts facts, ToDoubleBiFunction<int[], Integer> score) {
    double[] sums = new double[5];
    for (int fact = 0; fact < facts.size(); fact++) {
      List<double[]> ofAnswers = new ArrayList<>();
      for (int answer : facts.answerIds(fact).toArray()) {
        ofAnswers.add(figures(facts, fact, answer, score));
      }
      for (int figure = 0; figure < 4; figure++) {
        int index = figure;
        sums[figure] += ofAnswers.stream().mapToDouble(one -> one[index]).average().orElseThrow();
      }
      sums[4] += ofAnswers.size();
    }
    return Arrays.stream(sums).map(sum -> sum / facts.size()).toArray();
  }

  private static double[] figures(
      Facts facts, int fact, int answer, ToDoubleBiFunction<int[], Integer> score) {
    int[] query = facts.queryIds(fact);
    double own = score.applyAsDouble(query, answer);
    int better = 0;
    int equal = 0;
    for (int id = 0; id < facts.vocabulary().size(); id++) {
      if (facts.vocabulary().isEntity(id) && !facts.isAnswer(fact, id)) {
        better += score.applyAsDouble(query, id) > own ? 1 : 0;
        equal += score.applyAsDouble(query, id) == own ? 1 : 0;
      }
    }
    double rank = ((better + 1) + (better + 1 + equal)) / 2.0;
    return new double[] {rank <= 1 ? 1 : 0, rank <= 3 ? 1 : 0, rank <= 10 ? 1 : 0, 1 / rank};
  }
}
