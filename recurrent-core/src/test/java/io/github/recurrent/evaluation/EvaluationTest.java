package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(30).relations(5).build())
          .hops(2, 4)
          .trainPerHop(50)
          .testPerHop(40)
          .build();

  /** Facts that never lead back to their head, so that answering it is always wrong. */
  private static Facts open(int hops) {
    Facts facts = DATA.test(hops);
    return IntStream.range(0, facts.size())
        .filter(fact -> facts.answerId(fact) != facts.queryId(fact, 0))
        .mapToObj(fact -> facts.subList(fact, fact + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSweepGivesTheAccuracyAfterEveryIteration() {
    Facts facts = open(3);
    DepthSweep.Row row = sweep(facts, 6).row("facts");

    assertThat(row.hops()).isEqualTo(3);
    assertThat(row.facts()).isEqualTo(1);
    assertThat(IntStream.rangeClosed(1, 8).mapToDouble(row::accuracy))
        .containsExactly(0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0);
    assertThat(row.bestAccuracy()).isEqualTo(1);
    assertThat(row.bestIteration()).isEqualTo(3);
  }

  @Test
  void reachIsTheDeepestAnsweredAtSomeNumberOfIterations() {
    assertThat(sweep(open(4), 100).reach(0.6)).isEqualTo(4);
    assertThat(sweep(open(4), 4).reach(0.6)).isZero();
  }

  @Test
  void jsonHoldsEveryFigure() throws IOException {
    JsonNode json = JsonMapper.builder().build().readTree(sweep(open(2), 100).toJson());

    assertThat(json.get("first_iteration").asInt()).isEqualTo(1);
    assertThat(json.get("last_iteration").asInt()).isEqualTo(8);
    JsonNode row = json.get("rows").get(0);
    assertThat(row.get("type").asText()).isEqualTo("facts");
    assertThat(row.get("hops").asInt()).isEqualTo(2);
    List<Double> accuracies = new ArrayList<>();
    row.get("accuracy").forEach(accuracy -> accuracies.add(accuracy.asDouble()));
    assertThat(accuracies).containsExactly(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
  }

  @Test
  void aSweepIsReadBackFromItsJson() {
    DepthSweep sweep = sweep(open(2), 6);

    DepthSweep read = Report.ofJson(sweep.toJson(), DepthSweep.class);

    assertThat(read.toJson()).isEqualTo(sweep.toJson());
    assertThat(read.row("facts").bestIteration()).isEqualTo(2);
    assertThatThrownBy(
            () -> Report.ofJson(sweep.toJson().replace("\"rows\"", "\"row\""), DepthSweep.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows");
  }

  @Test
  void theHaltingStudyCountsIterationsAndAnswers() {
    Facts facts = open(3);
    HaltingStudy.Row row =
        HaltingStudy.of(reasoner(facts, 100), Split.of(ImmutableMap.of("facts", facts)))
            .rules(Halting.klAndEntropy(0.01, 3).atMost(16))
            .run()
            .rows()
            .get(0);

    assertThat(row.accuracy()).isEqualTo(1);
    assertThat(row.meanIterations()).isEqualTo(3);
    assertThat(row.minIterations()).isEqualTo(3);
    assertThat(row.maxIterations()).isEqualTo(3);
  }

  @Test
  void iterationsAreARangeFromOne() {
    Facts facts = open(2);
    DepthSweep.Run run =
        DepthSweep.of(reasoner(facts, 9), Split.of(ImmutableMap.of("facts", facts)));

    assertThatThrownBy(() -> run.iterations(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 3");
  }

  private static DepthSweep sweep(Facts facts, int overthinking) {
    return DepthSweep.of(reasoner(facts, overthinking), Split.of(ImmutableMap.of("facts", facts)))
        .iterations(1, 8)
        .run();
  }

  private static Reasoner reasoner(Facts facts, int overthinking) {
    return new OneHopAnIteration(
        facts.vocabulary(),
        IntStream.range(0, facts.size()).map(facts::answerId).toArray(),
        overthinking);
  }
}
