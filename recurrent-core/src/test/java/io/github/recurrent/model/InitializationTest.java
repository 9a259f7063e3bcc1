package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InitializationTest {
  @Test
  void presetsDifferInTheProjectionsAlone() {
    assertThat(Initialization.zeroProjections().projectionScale()).isZero();
    assertThat(Initialization.scripts())
        .isEqualTo(
            Initialization.builder()
                .embeddingStandardDeviation(1)
                .linearStandardDeviation(0.02)
                .projectionScale(1)
                .build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void badValuesAreNamed(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().embeddingStandardDeviation(value).build())
        .withMessageContaining("embeddingStandardDeviation")
        .withMessageContaining("is " + value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().linearStandardDeviation(value).build())
        .withMessageContaining("linearStandardDeviation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().projectionScale(value).build())
        .withMessageContaining("projectionScale");
  }

  @Test
  void onlyProjectionsMayBeZeroed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().linearStandardDeviation(0).build())
        .withMessageContaining("linearStandardDeviation must be positive");
  }
}
