package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.random.Seed;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(20).relations(5).build())
          .hops(2, 3)
          .trainPerHop(50)
          .testPerHop(40)
          .build();
  private static final Split SPLIT = DATA.test();

  @Test
  void aSampleIsTheSameForTheSameSeed() {
    Split sample = SPLIT.sample(7, Seed.of(1));

    assertThat(SPLIT.sample(7, Seed.of(1))).isEqualTo(sample);
    assertThat(SPLIT.sample(7, Seed.of(2))).isNotEqualTo(sample);
    assertThat(sample.byType().keySet()).isEqualTo(SPLIT.byType().keySet());
  }

  @Test
  void aSampleHoldsDistinctFactsOfTheSplit() {
    Facts all = DATA.test(3);
    Facts sample = SPLIT.sample(7, Seed.of(1)).facts("3hop_test");

    Set<String> known = new HashSet<>();
    for (int fact = 0; fact < all.size(); fact++) {
      known.add(all.query(fact) + all.answer(fact));
    }
    Set<String> drawn = new HashSet<>();
    for (int fact = 0; fact < sample.size(); fact++) {
      drawn.add(sample.query(fact) + sample.answer(fact));
    }
    assertThat(drawn).hasSize(7).isSubsetOf(known);
    assertThat(sample).isNotEqualTo(all.subList(0, 7));
  }

  @Test
  void theSampleOfATypeDoesNotDependOnOtherTypes() {
    Split alone = Split.of(ImmutableMap.of("3hop_test", DATA.test(3)));

    assertThat(alone.sample(7, Seed.of(1)).facts("3hop_test"))
        .isEqualTo(SPLIT.sample(7, Seed.of(1)).facts("3hop_test"));
  }

  @Test
  void fewerFactsThanAskedAreAllTaken() {
    assertThat(SPLIT.sample(10_000, Seed.of(1))).isEqualTo(SPLIT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SPLIT.sample(0, Seed.of(1)))
        .withMessageContaining("not 0");
  }
}
