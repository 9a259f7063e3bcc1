package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class PositionEncodingTest {
  @Test
  void sinusoidsAlternateSineAndCosineOfEachWavelength() {
    float[] values = PositionEncoding.sinusoids(3, 4);

    assertThat(values)
        .containsExactly(
            new float[] {
              0,
              1,
              0,
              1,
              0.841471f,
              0.540302f,
              0.0099998f,
              0.99995f,
              0.909297f,
              -0.416147f,
              0.0199987f,
              0.9998f
            },
            within(1e-6f));
  }

  @Test
  void sinusoidsNeedAPositionAndAnEvenWidth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PositionEncoding.sinusoids(0, 4))
        .withMessageContaining("but are 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PositionEncoding.sinusoids(3, 5))
        .withMessageContaining("but is 5");
  }
}
