package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class WaitingQueueTest {
  private final WaitingQueue<String> queue = new WaitingQueue<>(2);

  @Test
  void firstComeFirstServed() throws Exception {
    queue.put("a");
    assertThat(queue.offer("b")).isTrue();

    assertThat(queue.take(count -> 1, false)).containsExactly("a");
    assertThat(queue.take(count -> 9, false)).containsExactly("b");
    assertThat(queue.take(count -> 9, false)).isEmpty();
  }

  @Test
  void aFullQueueTakesNoMoreUntilSomethingLeaves() throws Exception {
    queue.put("a");
    queue.put("b");

    assertThat(queue.offer("c")).isFalse();
    assertThat(queue.offer("c", TimeUnit.MILLISECONDS.toNanos(1))).isFalse();
    CompletableFuture<Boolean> patient =
        CompletableFuture.supplyAsync(() -> offer("c", TimeUnit.SECONDS.toNanos(19)));
    assertThat(queue.withdraw("a")).isTrue();
    assertThat(patient.get()).isTrue();
    assertThat(queue.withdraw("a")).isFalse();
    assertThat(queue.take(count -> 9, false)).containsExactly("b", "c");
  }

  private boolean offer(String element, long nanoseconds) {
    try {
      return queue.offer(element, nanoseconds);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takingWaitsForAnElement() {
    CompletableFuture<Boolean> later = CompletableFuture.supplyAsync(() -> queue.offer("a"));

    assertThat(queue.take(count -> 9, true)).containsExactly("a");
    assertThat(later.join()).isTrue();
  }

  @Test
  void closingTurnsAwayWhoWaitsAndLeavesTheRest() throws Exception {
    queue.put("a");
    queue.put("b");
    CompletableFuture<Boolean> patient =
        CompletableFuture.supplyAsync(() -> offer("c", TimeUnit.SECONDS.toNanos(19)));

    queue.close();

    assertThatThrownBy(patient::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThatIllegalStateException().isThrownBy(() -> queue.offer("d"));
    assertThat(queue.isClosedAndEmpty()).isFalse();
    assertThat(queue.take(count -> 9, true)).containsExactly("a", "b");
    assertThat(queue.take(count -> 9, true)).isEmpty();
    assertThat(queue.isClosedAndEmpty()).isTrue();
  }
}
