package io.github.recurrent.examples.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainingsAtOnceTest {
  @Test
  void resultsComeInTheOrderOfTheTrainings() throws IOException {
    CountDownLatch last = new CountDownLatch(TrainingsAtOnce.THREADS > 1 ? 1 : 0);
    Callable<String> slow =
        () -> {
          last.await();
          return "slow";
        };
    Callable<String> fast =
        () -> {
          last.countDown();
          return "fast";
        };

    assertThat(TrainingsAtOnce.run(ImmutableList.of(slow, fast))).containsExactly("slow", "fast");
  }

  @Test
  void theFailureOfOneIsToldAndInterruptsTheOthers() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(TrainingsAtOnce.THREADS > 1 ? 1 : 0);
    CountDownLatch interrupted = new CountDownLatch(TrainingsAtOnce.THREADS > 1 ? 1 : 0);
    Callable<String> failing =
        () -> {
          begun.await();
          throw new IllegalStateException("diverged");
        };
    Callable<String> endless =
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return "stopped";
        };

    assertThatThrownBy(() -> TrainingsAtOnce.run(ImmutableList.of(failing, endless)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("diverged")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
