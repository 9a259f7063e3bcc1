package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReasonerComparisonTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(
              KnowledgeGraph.builder().entities(6).relations(3).permutations().seed(1).build())
          .hops(2, 2)
          .trainPerHop(10)
          .testPerHop(20)
          .build();
  private static final Facts FACTS = DATA.test().byType().values().iterator().next();
  private static final Halting HALTING = Halting.kl(0.01).atMost(6);

  @Test
  void aReasonerIsLikeItself() {
    try (Reasoner reasoner = reasoner(1)) {
      Reasoner.Comparison comparison = reasoner.compare(reasoner, FACTS, HALTING);

      assertThat(comparison.facts()).isEqualTo(FACTS.size());
      assertThat(comparison.agreement()).isEqualTo(1);
      assertThat(comparison.sameIterations()).isEqualTo(1);
      assertThat(comparison.maxLogitDifference()).isZero();
      assertThat(comparison.firstAccuracy()).isEqualTo(comparison.secondAccuracy());
    }
  }

  @Test
  void differencesAreCounted() {
    try (Reasoner one = reasoner(1);
        Reasoner other = reasoner(2)) {
      QueryBatch queries = QueryBatch.of(FACTS);
      List<Answer> first = one.answer(queries, HALTING);
      List<Answer> second = other.answer(queries, HALTING);
      double right = 0;
      double same = 0;
      for (int fact = 0; fact < FACTS.size(); fact++) {
        right += second.get(fact).tokenId() == FACTS.answerId(fact) ? 1 : 0;
        same += second.get(fact).tokenId() == first.get(fact).tokenId() ? 1 : 0;
      }

      Reasoner.Comparison comparison = one.compare(other, FACTS, HALTING);

      assertThat(comparison.secondAccuracy()).isCloseTo(right / FACTS.size(), within(1e-12));
      assertThat(comparison.agreement())
          .isCloseTo(same / FACTS.size(), within(1e-12))
          .isLessThan(1);
      assertThat(comparison.maxLogitDifference()).isGreaterThan(0.1);
      assertThat(comparison.toString()).contains("agreement", "KL < 0.01");
    }
  }

  @Test
  void factsAreNeeded() {
    try (Reasoner reasoner = reasoner(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reasoner.compare(reasoner, FACTS.subList(0, 0), HALTING))
          .withMessageContaining("no facts");
    }
  }

  private static Reasoner reasoner(long seed) {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(DATA.vocabulary())
            .width(16)
            .layers(1)
            .heads(2)
            .initialization(
                Initialization.builder()
                    .embeddingStandardDeviation(1)
                    .linearStandardDeviation(0.2)
                    .projectionScale(1)
                    .build())
            .build();
    return ReferenceReasoner.of(
        Checkpoint.builder()
            .model(model)
            .vocabulary(DATA.vocabulary())
            .parameters(Parameters.initialize(model, Seed.of(seed)))
            .build());
  }
}
