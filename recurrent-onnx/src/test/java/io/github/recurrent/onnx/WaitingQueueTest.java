package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
final class WaitingQueueTest {
  private final WaitingQueue<String> queue = new WaitingQueue<>(2);
  private final List<Thread> threads = new ArrayList<>();

  @Test
  void firstComeFirstServed() throws Exception {
    queue.put("a");
    assertThat(queue.offer("b")).isTrue();

    assertThat(queue.size()).isEqualTo(2);
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
    assertThat(queue.withdraw("a")).isTrue();
    assertThat(queue.withdraw("a")).isFalse();
    assertThat(queue.offer("c")).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("b", "c");
  }

  @Test
  void nobodyIsAskedHowManyToTakeOfNone() {
    assertThat(
            queue.take(
                count -> {
                  throw new AssertionError("asked for " + count);
                },
                false))
        .isEmpty();
  }

  @Test
  void whoeverLooksAtTheQueueHoldsNobodyUp() throws Exception {
    FutureTask<Integer> look = new FutureTask<>(queue::size);
    FutureTask<Boolean> question = new FutureTask<>(queue::isClosedAndEmpty);
    for (FutureTask<?> task : List.of(look, question)) {
      Thread thread = new Thread(task);
      threads.add(thread);
      thread.start();
      thread.join();
    }

    queue.put("a");

    assertThat(look.get()).isZero();
    assertThat(question.get()).isFalse();
    assertThat(queue.take(count -> 1, false)).containsExactly("a");
  }

  /** How a thread may wait for room. */
  private enum Entry {
    PUT {
      @Override
      boolean enter(WaitingQueue<String> queue, String element) throws InterruptedException {
        queue.put(element);
        return true;
      }
    },
    OFFER {
      @Override
      boolean enter(WaitingQueue<String> queue, String element) throws InterruptedException {
        return queue.offer(element, Long.MAX_VALUE);
      }
    },
    OFFER_ALL {
      @Override
      boolean enter(WaitingQueue<String> queue, String element) throws InterruptedException {
        return queue.offerAll(List.of(element), Long.MAX_VALUE);
      }
    };

    abstract boolean enter(WaitingQueue<String> queue, String element) throws InterruptedException;
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void whoWaitsForRoomEntersWhenAnElementIsWithdrawn(Entry entry) throws Exception {
    fill();
    Future<Boolean> entered = waiting(() -> entry.enter(queue, "c"));

    assertThat(queue.withdraw("a")).isTrue();

    assertThat(entered.get()).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("b", "c");
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void asManyEnterAsAreTakenAtOnce(Entry entry) throws Exception {
    fill();
    Future<Boolean> first = waiting(() -> entry.enter(queue, "c"));
    Future<Boolean> second = waiting(() -> entry.enter(queue, "d"));

    assertThat(queue.take(count -> count, false)).containsExactly("a", "b");

    assertThat(first.get()).isTrue();
    assertThat(second.get()).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactlyInAnyOrder("c", "d");
  }

  @Test
  void everyElementWakesOneWhoTakes() throws Exception {
    Future<List<String>> first = waiting(() -> queue.take(count -> 1, true));
    Future<List<String>> second = waiting(() -> queue.take(count -> 1, true));

    queue.put("a");
    assertThat(queue.offer("b", 1)).isTrue();

    assertThat(List.of(first.get().get(0), second.get().get(0)))
        .containsExactlyInAnyOrder("a", "b");
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void closingTurnsAwayAllWhoWaitForRoom(Entry entry) throws Exception {
    fill();
    Future<Boolean> first = waiting(() -> entry.enter(queue, "c"));
    Future<Boolean> second = waiting(() -> entry.enter(queue, "d"));

    queue.close();

    assertThatThrownBy(first::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(second::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void closingSendsAwayAllWhoWaitForElements() throws Exception {
    Future<List<String>> first = waiting(() -> queue.take(count -> count, true));
    Future<List<String>> second = waiting(() -> queue.take(count -> count, true));

    queue.close();

    assertThat(first.get()).isEmpty();
    assertThat(second.get()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void whoIsInterruptedDoesNotEnter(Entry entry) throws Exception {
    fill();
    Future<Boolean> entered = waiting(() -> entry.enter(queue, "c"));

    threads.get(0).interrupt();

    assertThatThrownBy(entered::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(queue.take(count -> 9, false)).containsExactly("a", "b");
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void whoComesInterruptedDoesNotEnterThoughThereIsRoom(Entry entry) {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> entry.enter(queue, "a")).isInstanceOf(InterruptedException.class);
    assertThat(queue.size()).isZero();
  }

  @Test
  void elementsEnterTogetherOrNotAtAll() throws Exception {
    queue.put("a");

    assertThat(queue.offerAll(List.of("b", "c"))).isFalse();
    assertThat(queue.offerAll(List.of("b", "c"), 1)).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.withdraw("a")).isTrue();
    assertThat(queue.offerAll(List.of("b", "c"))).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("b", "c");
  }

  @Test
  void elementsThatWaitTogetherEnterOnceThereIsRoomForAll() throws Exception {
    fill();
    Future<Boolean> entered = waiting(() -> queue.offerAll(List.of("c", "d"), Long.MAX_VALUE));

    assertThat(queue.withdraw("a")).isTrue();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.withdraw("b")).isTrue();

    assertThat(entered.get()).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("c", "d");
  }

  @ParameterizedTest
  @EnumSource(Entry.class)
  void nobodyOvertakesWhoWaitsForMoreRoom(Entry entry) throws Exception {
    fill();
    Future<Boolean> many = waiting(() -> queue.offerAll(List.of("c", "d"), Long.MAX_VALUE));
    Future<Boolean> one = waiting(() -> entry.enter(queue, "e"));

    assertThat(queue.withdraw("a")).isTrue();
    assertThat(queue.offer("f")).isFalse();
    assertThat(queue.offer("f", 1)).isFalse();
    assertThat(queue.withdraw("b")).isTrue();

    assertThat(many.get()).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("c", "d");
    assertThat(one.get()).isTrue();
  }

  @Test
  void whoGivesUpLetsTheNextIn() throws Exception {
    fill();
    Future<Boolean> many = waiting(() -> queue.offerAll(List.of("c", "d"), Long.MAX_VALUE));
    Future<Boolean> one = waiting(() -> queue.offer("e", Long.MAX_VALUE));
    assertThat(queue.withdraw("a")).isTrue();

    threads.get(0).interrupt();

    assertThatThrownBy(many::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(one.get()).isTrue();
    assertThat(queue.take(count -> 9, false)).containsExactly("b", "e");
  }

  @Test
  void elementsThatComeTogetherWakeAllWhoTake() throws Exception {
    Future<List<String>> first = waiting(() -> queue.take(count -> 1, true));
    Future<List<String>> second = waiting(() -> queue.take(count -> 1, true));

    assertThat(queue.offerAll(List.of("a", "b"))).isTrue();

    assertThat(List.of(first.get().get(0), second.get().get(0)))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void closingTurnsAwayWhoWaitsForMoreRoomThanThereIs() throws Exception {
    queue.put("a");
    Future<Boolean> many = waiting(() -> queue.offerAll(List.of("c", "d"), Long.MAX_VALUE));

    queue.close();

    assertThatThrownBy(many::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThatIllegalStateException().isThrownBy(() -> queue.offerAll(List.of("e")));
    assertThat(queue.take(count -> 9, false)).containsExactly("a");
  }

  @Test
  void aClosedQueueTakesNoMoreAndGivesWhatIsLeft() throws Exception {
    assertThat(queue.isClosedAndEmpty()).isFalse();
    fill();

    queue.close();

    assertThatIllegalStateException().isThrownBy(() -> queue.offer("d"));
    assertThatIllegalStateException().isThrownBy(() -> queue.offer("d", 1));
    assertThatIllegalStateException().isThrownBy(() -> queue.put("d"));
    assertThat(queue.isClosedAndEmpty()).isFalse();
    assertThat(queue.take(count -> 9, true)).containsExactly("a", "b");
    assertThat(queue.take(count -> 9, true)).isEmpty();
    assertThat(queue.isClosedAndEmpty()).isTrue();
  }

  @Test
  void whoIsTurnedAwayLeavesTheQueueToOthers() throws Exception {
    queue.close();
    assertThatIllegalStateException().isThrownBy(() -> queue.offer("d"));
    assertThatIllegalStateException().isThrownBy(() -> queue.offer("d", 1));
    assertThatIllegalStateException().isThrownBy(() -> queue.put("d"));

    FutureTask<Boolean> another = new FutureTask<>(queue::isClosedAndEmpty);
    Thread thread = new Thread(another);
    thread.setDaemon(true);
    thread.start();

    assertThat(another.get(10, TimeUnit.SECONDS)).isTrue();
  }

  private void fill() throws InterruptedException {
    queue.put("a");
    queue.put("b");
  }

  /** Calls something in another thread, and returns once that waits. */
  private <T> Future<T> waiting(Callable<T> call) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    while (thread.getState() != State.WAITING && thread.getState() != State.TIMED_WAITING) {
      assertThat(task).isNotDone();
      Thread.sleep(1);
    }
    return task;
  }

  @AfterEach
  void end() {
    threads.forEach(Thread::interrupt);
  }
}
