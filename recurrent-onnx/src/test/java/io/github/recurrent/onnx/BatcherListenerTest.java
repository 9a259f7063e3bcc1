package io.github.recurrent.onnx;

import static io.github.recurrent.onnx.HeldBatcher.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import io.github.recurrent.fixtures.LoggedWarnings;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.ContinuousBatcher.Listener;
import io.github.recurrent.onnx.ContinuousBatcher.Listener.Outcome;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever measures a batcher is told of every query and iteration, and cannot harm it. */
@Timeout(60)
final class BatcherListenerTest {
  private static final Halting ENDLESS = Halting.fixed(Integer.MAX_VALUE);

  private final Path folder;

  BatcherListenerTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  private record Step(int rows, int tokens, Duration time) {}

  /** Keeps what it is told. */
  private static final class Recording implements Listener {
    private final List<Step> steps = new CopyOnWriteArrayList<>();
    private final List<End> ends = new CopyOnWriteArrayList<>();

    @Override
    public void stepped(int rows, int tokens, Duration time) {
      steps.add(new Step(rows, tokens, time));
    }

    @Override
    public void ended(End end) {
      ends.add(end);
    }
  }

  private static BatchingOptions options(Listener listener) {
    return BatchingOptions.builder().maxRows(4).maxWaiting(4).listener(listener).build();
  }

  private ContinuousBatcher load(Listener listener) throws IOException {
    return ContinuousBatcher.load(
        folder, options(listener), ExecutionOptions.builder().threads(1).lanes(1).build());
  }

  @Test
  void anAnswersHopsIterationsAndTimesAreToldBeforeItsFutureCompletes() throws Exception {
    Recording told = new Recording();
    try (ContinuousBatcher batcher = load(told)) {
      batcher.answer(Query.of("<e_1>", "<r_0>", "<r_1>", "<r_2>"), Halting.fixed(5));

      assertThat(told.ends)
          .singleElement()
          .satisfies(
              end -> {
                assertThat(end.hops()).isEqualTo(3);
                assertThat(end.iterations()).isEqualTo(5);
                assertThat(end.outcome()).isEqualTo(Outcome.ANSWERED);
                assertThat(end.waited()).isPositive();
                assertThat(end.waited().plus(end.ran())).isLessThan(batcher.statistics().elapsed());
              });
      assertThat(told.steps).hasSize(5);
      assertThat(told.ends.get(0).ran())
          .isGreaterThan(told.steps.stream().map(Step::time).reduce(Duration.ZERO, Duration::plus));
    }
  }

  @Test
  void theRowsAndTokensOfEveryIterationAreTold() throws Exception {
    Recording told = new Recording();
    try (HeldBatcher held = HeldBatcher.load(folder, options(told))) {
      List<CompletableFuture<Answer>> futures = new ArrayList<>();
      for (int iterations = 1; iterations <= 3; iterations++) {
        futures.add(held.batcher().submit(QUERY, Halting.fixed(iterations)));
      }
      held.release();
      futures.forEach(CompletableFuture::join);

      int tokens =
          new LiveBatch.Row(held.batcher().model(), TestModels.VOCABULARY.encode(QUERY)).tokens();
      assertThat(told.steps.stream().map(Step::rows)).containsExactly(1, 1, 3, 2, 1);
      assertThat(told.steps)
          .allSatisfy(
              step -> {
                assertThat(step.tokens()).isEqualTo(step.rows() * tokens);
                assertThat(step.time()).isPositive();
              });
    }
  }

  @Test
  void everyOutcomeIsTold() throws Exception {
    Recording told = new Recording();
    try (ContinuousBatcher batcher = load(told)) {
      Answer soFar =
          batcher.answer(QUERY, ENDLESS, Deadline.answeringAfter(Duration.ofMillis(100)));
      CompletableFuture<Answer> late =
          batcher.submit(QUERY, ENDLESS, Deadline.failingAfter(Duration.ofMillis(20)));
      assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
      batcher.submit(QUERY, ENDLESS).cancel(true);
      CompletableFuture<Answer> broken =
          batcher.submit(
              QUERY,
              Halting.rule(
                  "broken",
                  history -> {
                    throw new ArithmeticException("broken rule");
                  }));
      assertThatThrownBy(broken::get).hasRootCauseMessage("broken rule");

      assertThat(told.ends.stream().map(Listener.End::outcome))
          .containsExactly(
              Outcome.ANSWERED_SO_FAR, Outcome.EXPIRED, Outcome.CANCELLED, Outcome.FAILED);
      assertThat(told.ends.stream().map(Listener.End::iterations))
          .containsExactly(soFar.iterations(), 0, 0, 0);
    }
  }

  @Test
  void aQueryThatNeverRanOnlyWaited() throws Exception {
    Recording told = new Recording();
    try (HeldBatcher held = HeldBatcher.load(folder, options(told))) {
      held.batcher().submit(QUERY, ENDLESS).cancel(true);

      assertThat(told.ends)
          .singleElement()
          .satisfies(
              end -> {
                assertThat(end.waited()).isPositive();
                assertThat(end.ran()).isZero();
              });
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("broken listener"),
        new StackOverflowError("broken listener"),
        new OutOfMemoryError("broken listener"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aListenerThatFailsHarmsNobodyAndIsWarnedOfOnce(Throwable failure) throws Exception {
    Listener broken =
        new Listener() {
          @Override
          public void stepped(int rows, int tokens, Duration time) {
            Throwables.throwIfUnchecked(failure);
          }

          @Override
          public void ended(End end) {
            Throwables.throwIfUnchecked(failure);
          }
        };
    try (LoggedWarnings warnings = LoggedWarnings.of(Listener.class)) {
      try (ContinuousBatcher batcher = load(broken)) {
        CompletableFuture<Answer> endless = batcher.submit(QUERY, ENDLESS);
        assertThat(batcher.answer(QUERY, Halting.fixed(3)).iterations()).isEqualTo(3);
        assertThat(endless.cancel(true)).isTrue();
        CompletableFuture<Answer> late =
            batcher.submit(QUERY, ENDLESS, Deadline.failingAfter(Duration.ofMillis(5)));
        assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
        assertThat(batcher.answer(QUERY, Halting.fixed(3)).iterations()).isEqualTo(3);
        assertThat(batcher.statistics().failed()).isZero();
      }

      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .contains(broken.getClass().getName());
    }
  }

  @Test
  void aListenerThatInterruptsItsThreadInterruptsNoRule() throws Exception {
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    Listener interrupting =
        new Listener() {
          @Override
          public void stepped(int rows, int tokens, Duration time) {
            Thread.currentThread().interrupt();
          }
        };
    try (ContinuousBatcher batcher = load(interrupting)) {
      batcher.answer(
          QUERY,
          Halting.rule("looks", history -> interrupted.add(Thread.currentThread().isInterrupted()))
              .atMost(3));
    }
    assertThat(interrupted).isNotEmpty().doesNotContain(true);
  }
}
