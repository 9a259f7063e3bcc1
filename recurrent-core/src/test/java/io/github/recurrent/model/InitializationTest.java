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
                .embeddingDeviation(1)
                .linearDeviation(0.02)
                .projectionScale(1)
                .build());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void badValuesAreNamed(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().embeddingDeviation(value).build())
        .withMessageContaining("embeddingDeviation")
        .withMessageContaining("is " + value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().linearDeviation(value).build())
        .withMessageContaining("linearDeviation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().projectionScale(value).build())
        .withMessageContaining("projectionScale");
  }

  @Test
  void onlyProjectionsMayBeZeroed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Initialization.builder().linearDeviation(0).build())
        .withMessageContaining("linearDeviation must be positive");
  }
}
