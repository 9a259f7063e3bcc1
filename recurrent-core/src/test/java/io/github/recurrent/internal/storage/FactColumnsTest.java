package io.github.recurrent.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FactColumnsTest {
  @Test
  void moreFactsThanAnArrayHoldsAreRefusedWhileTheyCome() {
    FactColumns facts = new FactColumns(40_000);
    IntStream.range(0, 40_000).forEach(fact -> facts.add(fact, fact % 3, 40_000 - fact));

    assertThat(facts.head(39_999)).isEqualTo(39_999);
    assertThat(facts.tail(17)).isEqualTo(39_983);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> facts.add(1, 1, 1))
        .withMessage("a graph holds at most 40000 triples, and this is one more; leave some out");
  }
}
