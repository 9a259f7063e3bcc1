package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class ExecutionOptionsTest {
  @Test
  void theCpuIsUsedUnlessToldOtherwise() {
    ExecutionOptions options = ExecutionOptions.builder().build();

    assertThat(options.cudaDevice()).isEmpty();
    assertThat(options.threads()).isEmpty();
  }

  @Test
  void badValuesAreRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().threads(0).build())
        .withMessageContaining("threads")
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExecutionOptions.builder().cudaDevice(-3).build())
        .withMessageContaining("-3");
  }
}
