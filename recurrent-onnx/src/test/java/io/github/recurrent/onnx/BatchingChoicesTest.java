package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batcher is told, in its options and with a query. */
final class BatchingChoicesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void thereIsRoomForAQuery(int none) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchingOptions.builder().maxRows(none).build())
        .withMessage("maxRows must be at least 1, but is " + none);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchingOptions.builder().maxWaiting(none).build())
        .withMessage("maxWaiting must be at least 1, but is " + none);
  }

  @Test
  void oneIsEnough() {
    BatchingOptions least = BatchingOptions.builder().maxRows(1).maxWaiting(1).build();

    assertThat(least.maxRows()).isEqualTo(1);
    assertThat(least.maxWaiting()).isEqualTo(1);
    assertThat(least.completionExecutor()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-0.000000001S"})
  void aDeadlineLiesAhead(String time) {
    Duration past = Duration.parse(time);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Deadline.failingAfter(past))
        .withMessage("the deadline must be positive, but is " + past);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Deadline.answeringAfter(past))
        .withMessageContaining(past.toString());
  }

  @Test
  void aDeadlineSaysWhatBecomesOfTheQuery() {
    Duration time = Duration.ofNanos(1);

    assertThat(Deadline.answeringAfter(time).answersSoFar()).isTrue();
    assertThat(Deadline.failingAfter(time).answersSoFar()).isFalse();
    assertThat(Deadline.failingAfter(time).time()).isEqualTo(time);
  }
}
