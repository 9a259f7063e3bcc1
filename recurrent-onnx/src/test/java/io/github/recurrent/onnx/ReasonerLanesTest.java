package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReasonerLanesTest {
  @Test
  void runsGoOnSideBySideOnBatchesOfTheirOwn() {
    try (ReasonerLanes lanes = lanes(3)) {
      CountDownLatch all = new CountDownLatch(3);
      Set<LiveBatch> batches = ConcurrentHashMap.newKeySet();

      run(
          lanes,
          Collections.nCopies(
              3,
              batch -> {
                batches.add(batch);
                all.countDown();
                Uninterruptibles.awaitUninterruptibly(all);
              }));

      assertThat(batches).hasSize(3);
    }
  }

  @Test
  void oneLaneIsTheCallersThread() {
    try (ReasonerLanes lanes = lanes(1)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      Set<LiveBatch> batches = ConcurrentHashMap.newKeySet();

      run(
          lanes,
          Collections.nCopies(
              5,
              batch -> {
                threads.add(Thread.currentThread());
                batches.add(batch);
              }));

      assertThat(threads).containsExactly(Thread.currentThread());
      assertThat(batches).hasSize(1);
    }
  }

  @Test
  void aCallDoesAllItsRunsWhereNoOtherThreadIsFree() {
    try (ReasonerLanes lanes = lanes(2)) {
      AtomicInteger within = new AtomicInteger();
      CountDownLatch both = new CountDownLatch(2);

      run(
          lanes,
          Collections.nCopies(
              2,
              batch -> {
                both.countDown();
                Uninterruptibles.awaitUninterruptibly(both);
                run(lanes, Collections.nCopies(4, other -> within.incrementAndGet()));
              }));

      assertThat(within).hasValue(8);
    }
  }

  @Test
  void aFailedRunFailsTheCallOnceNoOtherIsUnderWay() {
    try (ReasonerLanes lanes = lanes(2)) {
      CountDownLatch failing = new CountDownLatch(1);
      AtomicInteger ended = new AtomicInteger();
      Consumer<LiveBatch> fails =
          batch -> {
            failing.countDown();
            throw new UnsupportedOperationException("this runner fails");
          };
      Consumer<LiveBatch> goesOn =
          batch -> {
            Uninterruptibles.awaitUninterruptibly(failing);
            Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(50));
            ended.incrementAndGet();
          };

      assertThatThrownBy(() -> run(lanes, List.of(goesOn, fails, goesOn, goesOn, goesOn)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("this runner fails");

      assertThat(ended).hasValue(1);
      run(lanes, List.of(goesOn));
      assertThat(ended).hasValue(2);
    }
  }

  private static void run(ReasonerLanes lanes, List<Consumer<LiveBatch>> runs) {
    lanes.run(runs, (batch, run) -> run.accept(batch));
  }

  private static ReasonerLanes lanes(int count) {
    return new ReasonerLanes(
        () ->
            new LiveBatch(
                TestModels.small().build(),
                (inputs, outputs) -> {
                  throw new AssertionError("nothing is run");
                }),
        count);
  }
}
