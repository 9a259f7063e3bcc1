package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class PrecisionChoiceTest {
  @Test
  void bf16IsChosenWhereItIsFasterByMoreThanAFifth() {
    assertThat(PrecisionChoice.faster(480, 850)).isEqualTo(Precision.BF16);
    assertThat(PrecisionChoice.faster(393, 210)).isEqualTo(Precision.FP32);
    assertThat(PrecisionChoice.faster(400, 470)).isEqualTo(Precision.FP32);
  }

  @Test
  void bothFiguresAreMeasuredAndLoggedOnce() {
    List<String> lines = new ArrayList<>();
    Logger logger = Logger.getLogger(Precision.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            lines.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      // A number of threads that no other test has.
      Precision first = Precision.auto(Device.cpu(), 3);
      assertThat(Precision.auto(Device.cpu(), 3)).isEqualTo(first);
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .matches(
            "Precision\\.auto\\(\\) is (FP32|BF16): products on the CPU with 3 threads reach \\d+"
                + " GFLOP/s in fp32 and \\d+ in bf16");
  }

  @Test
  void threadsMustBeAtLeastOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Precision.auto(Device.cpu(), 0))
        .withMessageContaining("threads must be at least 1");
  }
}
