package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.fixtures.LoggedWarnings;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every future completes, whatever the executor does that is to complete it. */
@Timeout(60)
final class CompletionExecutorTest {
  private static final Query QUERY = Query.of("<e_1>", "<r_1>", "<r_2>");
  private static final int QUERIES = 60;

  private final Path folder;

  CompletionExecutorTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  /** What an executor may do with a task. */
  private enum Fault {
    REJECTS {
      @Override
      void execute(Runnable task) {
        throw new RejectedExecutionException();
      }
    },
    THROWS {
      @Override
      void execute(Runnable task) {
        throw new IllegalArgumentException("executor");
      }
    },
    THROWS_AN_ERROR {
      @Override
      void execute(Runnable task) {
        throw new OutOfMemoryError("unable to create native thread");
      }
    },
    RUNS_AND_THROWS {
      @Override
      void execute(Runnable task) {
        task.run();
        throw new IllegalStateException("afterwards");
      }
    },
    RUNS_TWICE {
      @Override
      void execute(Runnable task) {
        task.run();
        task.run();
      }
    },
    DROPS {
      @Override
      void execute(Runnable task) {}
    };

    abstract void execute(Runnable task);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void answersArriveThoughEveryTaskMeetsAFault(Fault fault) throws Exception {
    List<CompletableFuture<Answer>> futures = new ArrayList<>();
    try (ContinuousBatcher batcher = load(fault::execute)) {
      submit(batcher, futures);
    }

    assertAnswered(futures);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void theBatcherGoesOnAfterAFault(Fault fault) throws Exception {
    AtomicInteger tasks = new AtomicInteger();
    List<CompletableFuture<Answer>> futures = new ArrayList<>();
    try (ContinuousBatcher batcher =
        load(
            task -> {
              if (tasks.incrementAndGet() == 10) {
                fault.execute(task);
              } else {
                task.run();
              }
            })) {
      submit(batcher, futures);
      // The first are answered by now, or their lane would have ended.
      submit(batcher, futures);
      assertThat(batcher.answer(QUERY, Halting.fixed(2)).iterations()).isEqualTo(2);
    }

    assertAnswered(futures);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aDeadlineHoldsWhateverTheExecutorDoes(Fault fault) throws Exception {
    try (ContinuousBatcher batcher = load(fault::execute)) {
      CompletableFuture<Answer> late =
          batcher.submit(
              QUERY,
              Halting.fixed(Integer.MAX_VALUE),
              Deadline.failingAfter(Duration.ofMillis(20)));
      CompletableFuture<Answer> inTime =
          batcher.submit(QUERY, Halting.fixed(3), Deadline.answeringAfter(Duration.ofMillis(500)));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> late.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(TimeoutException.class);
      assertThat(inTime.get(20, TimeUnit.SECONDS).iterations()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aCallThatWaitsNeedsNoExecutor(Fault fault) throws Exception {
    try (ContinuousBatcher batcher = load(fault::execute)) {
      assertThat(batcher.answer(QUERY, Halting.fixed(3)).iterations()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DROPS")
  void whatAnExecutorFailsToTakeIsAnsweredWhileTheBatcherIsOpen(Fault fault) throws Exception {
    try (ContinuousBatcher batcher = load(fault::execute)) {
      CompletableFuture<Answer> future = batcher.submit(QUERY, Halting.fixed(3));

      assertThat(future.get(20, TimeUnit.SECONDS).iterations()).isEqualTo(3);
    }
  }

  @Test
  void aFailingExecutorIsWarnedOfOnce() throws Exception {
    List<CompletableFuture<Answer>> futures = new ArrayList<>();
    try (LoggedWarnings warnings = LoggedWarnings.of(Completions.class)) {
      try (ContinuousBatcher batcher = load(Fault.THROWS::execute)) {
        submit(batcher, futures);
      }

      assertThat(warnings.messages()).singleElement().asString().contains("completion executor");
    }
  }

  @Test
  void anExecutorThatEndsWithTasksWaitingLosesNone() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    List<CompletableFuture<Answer>> futures = new ArrayList<>();
    try (ContinuousBatcher batcher = load(pool)) {
      submit(batcher, futures);
      pool.shutdownNow();
    }

    assertAnswered(futures);
  }

  @Test
  void theExecutorsOwnThreadMayCloseTheBatcher() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    List<CompletableFuture<Answer>> futures = new ArrayList<>();
    try (ContinuousBatcher batcher = load(pool)) {
      submit(batcher, futures);
      pool.submit(batcher::close).get();
    } finally {
      pool.shutdownNow();
    }

    assertAnswered(futures);
  }

  @Test
  void whatAnAnswerSetsOffMayThrowAnything() throws Exception {
    try (ContinuousBatcher batcher = load(Runnable::run)) {
      for (int query = 0; query < 10; query++) {
        CompletableFuture<Answer> unused =
            batcher
                .submit(QUERY, Halting.fixed(2))
                .whenComplete(
                    (answer, problem) -> {
                      throw new StackOverflowError("a dependent");
                    });
      }

      assertThat(batcher.answer(QUERY, Halting.fixed(2)).iterations()).isEqualTo(2);
    }
  }

  @Test
  void anInterruptThatADependentLeavesIsNotThatOfTheNextQuery() throws Exception {
    CountDownLatch attached = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    try (ContinuousBatcher batcher =
        ContinuousBatcher.load(
            folder,
            BatchingOptions.builder().build(),
            ExecutionOptions.builder().lanes(1).build())) {
      CompletableFuture<Void> interrupting =
          batcher
              .submit(
                  QUERY,
                  Halting.rule(
                      "late",
                      history -> {
                        Uninterruptibles.awaitUninterruptibly(attached);
                        return true;
                      }))
              .thenAccept(answer -> Thread.currentThread().interrupt());
      attached.countDown();
      interrupting.get();

      batcher.answer(
          QUERY,
          Halting.rule(
              "looks",
              history -> {
                interrupted.set(Thread.currentThread().isInterrupted());
                return true;
              }));
    }
    assertThat(interrupted).isFalse();
  }

  private static void submit(ContinuousBatcher batcher, List<CompletableFuture<Answer>> futures)
      throws InterruptedException {
    for (int query = 0; query < QUERIES; query++) {
      futures.add(batcher.submit(QUERY, Halting.fixed(4)));
    }
  }

  private static void assertAnswered(List<CompletableFuture<Answer>> futures) {
    assertThat(futures)
        .allSatisfy(
            future -> {
              assertThat(future).isCompleted();
              assertThat(future.join().iterations()).isEqualTo(4);
            });
  }

  private ContinuousBatcher load(Executor executor) throws IOException {
    return ContinuousBatcher.load(
        folder,
        BatchingOptions.builder().completionExecutor(executor).maxWaiting(QUERIES * 2).build(),
        ExecutionOptions.builder().threads(2).lanes(2).build());
  }
}
