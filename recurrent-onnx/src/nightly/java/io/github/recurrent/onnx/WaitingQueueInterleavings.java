package io.github.recurrent.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** In no order of their steps do threads that share a queue wait for ever, or lose an element. */
final class WaitingQueueInterleavings {
  private static final int INTERLEAVINGS = 150;

  /** What a thread does. */
  private interface Steps {
    void run() throws InterruptedException;
  }

  @Test
  void whoWaitsForRoomEntersWhenAnElementIsWithdrawn() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = full();
          beside(() -> queue.put("b"), () -> require(queue.withdraw("a")));
          require(queue.take(count -> count, false).equals(List.of("b")));
        });
  }

  @Test
  void whoWaitsForRoomEntersWhenAnElementIsTaken() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = full();
          List<String> taken = new ArrayList<>();
          beside(
              () -> queue.put("b"),
              () -> {
                taken.addAll(queue.take(count -> count, true));
                taken.addAll(queue.take(count -> count, true));
              });
          require(taken.equals(List.of("a", "b")));
        });
  }

  @Test
  void whatEntersBesideAClosingIsLeftAndTheRestIsTurnedAway() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(1);
          AtomicBoolean entered = new AtomicBoolean();
          beside(
              () -> {
                try {
                  entered.set(queue.offer("a"));
                } catch (IllegalStateException closed) {
                  // It did not enter.
                }
              },
              queue::close);
          require(queue.take(count -> count, true).size() == (entered.get() ? 1 : 0));
          require(queue.isClosedAndEmpty());
        });
  }

  @Test
  void closingTurnsAwayWhoWaitsForRoom() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = full();
          AtomicBoolean refused = new AtomicBoolean();
          beside(
              () -> {
                try {
                  queue.put("b");
                } catch (IllegalStateException closed) {
                  refused.set(true);
                }
              },
              queue::close);
          require(refused.get() && queue.size() == 1);
        });
  }

  @Test
  void closingSendsAwayWhoWaitsForAnElement() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(1);
          beside(() -> require(queue.take(count -> count, true).isEmpty()), queue::close);
        });
  }

  @Test
  void ofTwoRequestsThatHaveNoRoomTogetherOneEntersWhole() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(3);
          AtomicBoolean first = new AtomicBoolean();
          AtomicBoolean second = new AtomicBoolean();
          beside(
              () -> first.set(queue.offerAll(List.of("a", "b"))),
              () -> second.set(queue.offerAll(List.of("c", "d"))));
          require(first.get() != second.get());
          require(
              queue
                  .take(count -> count, false)
                  .equals(first.get() ? List.of("a", "b") : List.of("c", "d")));
        });
  }

  @Test
  void whoTakesBesideARequestTakesAllOfItOrNone() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(2);
          beside(
              () -> require(queue.offerAll(List.of("a", "b"))),
              () -> require(queue.take(count -> count, false).size() != 1));
        });
  }

  @Test
  void whoWaitsForMoreRoomEntersWhenElementsLeaveOneByOne() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(2);
          require(queue.offerAll(List.of("a", "b")));
          beside(
              () -> require(queue.offerAll(List.of("c", "d"), Long.MAX_VALUE)),
              () -> {
                require(queue.withdraw("a"));
                require(queue.withdraw("b"));
              });
          require(queue.take(count -> count, false).equals(List.of("c", "d")));
        });
  }

  @Test
  void whoeverOfTwoWaitersCameFirstBothEnter() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(2);
          require(queue.offerAll(List.of("a", "b")));
          Thread many =
              new Thread(() -> run(() -> queue.offerAll(List.of("c", "d"), Long.MAX_VALUE)));
          Thread one = new Thread(() -> run(() -> queue.put("e")));
          many.start();
          one.start();
          int taken = 0;
          while (taken < 5) {
            taken += queue.take(count -> count, true).size();
          }
          run(() -> many.join());
          run(() -> one.join());
        });
  }

  @Test
  void closingTurnsAwayWhoWaitsForMoreRoomAndLeavesNoPartOfIt() {
    inAnyOrder(
        () -> {
          WaitingQueue<String> queue = new WaitingQueue<>(2);
          require(queue.offer("a"));
          AtomicBoolean refused = new AtomicBoolean();
          beside(
              () -> {
                try {
                  require(queue.offerAll(List.of("b", "c"), Long.MAX_VALUE));
                } catch (IllegalStateException closed) {
                  refused.set(true);
                }
              },
              queue::close);
          require(refused.get() && queue.size() == 1);
        });
  }

  private static void inAnyOrder(Runnable steps) {
    Checker.run(() -> Lincheck.runConcurrentTest(INTERLEAVINGS, steps));
  }

  private static WaitingQueue<String> full() {
    WaitingQueue<String> queue = new WaitingQueue<>(1);
    require(queue.offer("a"));
    return queue;
  }

  /** Runs something in another thread, something in this one, and waits for both. */
  private static void beside(Steps other, Steps own) {
    Thread thread = new Thread(() -> run(other));
    thread.start();
    run(own);
    // Not a method reference: the checker follows calls of the code that it sees.
    run(() -> thread.join());
  }

  private static void run(Steps steps) {
    try {
      steps.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The checker follows every step of what it runs, of which a library of assertions has many. */
  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError();
    }
  }
}
