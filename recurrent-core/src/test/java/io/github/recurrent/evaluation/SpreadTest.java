package io.github.recurrent.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.evaluation.Bands.Spread;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void deviationIsThatOfASample() {
    Spread spread = Spread.of(0.5, 0.7, 0.9);

    assertThat(spread.count()).isEqualTo(3);
    assertThat(spread.mean()).isCloseTo(0.7, within(1e-12));
    assertThat(spread.standardDeviation()).isCloseTo(0.2, within(1e-12));
    assertThat(spread.min()).isEqualTo(0.5);
    assertThat(spread.max()).isEqualTo(0.9);
    assertThat(spread).hasToString("0.70 ± 0.20");
  }

  @Test
  void oneValueDoesNotDeviate() {
    assertThat(Spread.of(0.25)).isEqualTo(new Spread(1, 0.25, 0, 0.25, 0.25));
  }

  @Test
  void valuesMustBeNumbers() {
    assertThatIllegalArgumentException().isThrownBy(Spread::of).withMessageContaining("no values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spread.of(1, Double.NaN))
        .withMessageContaining("[1.0, NaN]");
  }
}
