package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Halting;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchCountersTest {
  @Test
  void whatHappenedIsCounted() {
    BatchCounters counters = new BatchCounters();
    counters.step(3);
    counters.step(6);
    for (int iterations : new int[] {2, 5, 2}) {
      counters.answer(iterations);
    }
    counters.cancel();
    counters.expire();
    counters.expire();
    counters.fail();
    counters.fail();
    for (int query = 0; query < 3; query++) {
      counters.refuse(1);
    }

    ContinuousBatcher.Statistics found = counters.snapshot(7, 4);

    assertThat(found.waiting()).isEqualTo(7);
    assertThat(found.running()).isEqualTo(4);
    assertThat(found.steps()).isEqualTo(2);
    assertThat(found.meanRows()).isEqualTo(4.5);
    assertThat(found.answered()).containsExactlyEntriesOf(ImmutableSortedMap.of(2, 2L, 5, 1L));
    assertThat(found.answers()).isEqualTo(3);
    assertThat(found.meanIterations()).isEqualTo(3);
    assertThat(found.cancelled()).isEqualTo(1);
    assertThat(found.expired()).isEqualTo(2);
    assertThat(found.failed()).isEqualTo(2);
    assertThat(found.refused()).isEqualTo(3);
    assertThat(found.elapsed()).isBetween(Duration.ofNanos(1), Duration.ofMinutes(5));
  }

  @Test
  void meansOfNothingAreZero() {
    ContinuousBatcher.Statistics found = new BatchCounters().snapshot(0, 0);

    assertThat(found.meanRows()).isZero();
    assertThat(found.meanIterations()).isZero();
    assertThat(found.meanWait()).isZero();
    assertThat(found.longestWait()).isZero();
  }

  @Test
  void theLongestWaitIsThatOfTheQueryThatCameFirst() throws InterruptedException {
    BatchCounters counters = new BatchCounters();
    BatchedQuery first = query();
    Thread.sleep(1);
    counters.admit(List.of(first, query()));

    ContinuousBatcher.Statistics found = counters.snapshot(0, 2);

    assertThat(found.meanWait())
        .isGreaterThanOrEqualTo(found.longestWait().dividedBy(2))
        .isLessThan(found.longestWait());
    assertThat(found.longestWait()).isLessThan(found.elapsed());
  }

  @Test
  void answersPerSecondAreThoseBetweenTwoSnapshots() {
    ContinuousBatcher.Statistics before = at(Duration.ofSeconds(2), 3);
    ContinuousBatcher.Statistics after = at(Duration.ofMillis(4500), 13);

    assertThat(after.answersPerSecondSince(before)).isEqualTo(4);
    for (ContinuousBatcher.Statistics later : List.of(before, after)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> before.answersPerSecondSince(later))
          .withMessageContaining("is not earlier than one at PT2S");
    }
  }

  private static ContinuousBatcher.Statistics at(Duration elapsed, long answers) {
    return new ContinuousBatcher.Statistics(
        0,
        0,
        1,
        1,
        ImmutableSortedMap.of(1, answers),
        0,
        0,
        0,
        0,
        Duration.ZERO,
        Duration.ZERO,
        elapsed);
  }

  private static BatchedQuery query() {
    RecurrentDepthTransformer model = TestModels.small().build();
    return new BatchedQuery(
        model,
        TestModels.VOCABULARY,
        TestModels.VOCABULARY.encode(Query.of("<e_1>", "<r_1>")),
        Halting.fixed(1),
        false,
        query -> {});
  }
}
