package io.github.recurrent.onnx;

import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class ContinuousBatcherTest {
  private static final Query QUERY = Query.of("<e_1>", "<r_0>", "<r_2>");
  private static final List<Halting> RULES =
      List.of(
          Halting.fixed(1),
          Halting.fixed(7),
          Halting.klAndEntropy(0.01, 2.7).atMost(12),
          Halting.kl(0.001).atLeast(3).atMost(9),
          Halting.stableAnswer(3).atMost(12));

  private final Path folder;

  ContinuousBatcherTest(@TempDir Path folder) {
    this.folder = folder.resolve("onnx");
  }

  static Stream<RecurrentDepthTransformer> models() {
    return Stream.of(
        TestModels.small().build(),
        TestModels.small().inputInjection(true).attentionSlopes(2, 0.5, 0.125, 0).build(),
        TestModels.small().readPosition(ReadPosition.lastToken()).build(),
        TestModels.small()
            .positions(PositionEncoding.LEARNED)
            .maxPositions(9)
            .readPosition(ReadPosition.column(8))
            .build(),
        TestModels.small()
            .positions(PositionEncoding.SINUSOIDAL)
            .maxPositions(9)
            .readPosition(ReadPosition.firstPad())
            .inputInjection(true)
            .build());
  }

  @ParameterizedTest
  @MethodSource("models")
  void queriesOfManyThreadsAreAnsweredAsEachIsAlone(RecurrentDepthTransformer model)
      throws Exception {
    Checkpoint checkpoint = TestModels.random(model, 3);
    QueryBatch queries = TestModels.queries(60, 6, 5);
    OnnxExporter.export(checkpoint, folder);
    Trajectory expected;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      expected = reasoner.trajectory(queries, 12);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (ContinuousBatcher batcher = load(9, 20)) {
      List<Callable<Void>> users = new ArrayList<>();
      for (int user = 0; user < 4; user++) {
        Random random = new Random(user);
        users.add(
            () -> {
              for (int asked = 0; asked < 80; asked++) {
                int row = random.nextInt(queries.size());
                Halting halting = RULES.get(random.nextInt(RULES.size()));
                assertAnswer(batcher, queries, row, halting, expected);
              }
              return null;
            });
      }
      for (Future<Void> user : threads.invokeAll(users)) {
        user.get();
      }

      ContinuousBatcher.Statistics statistics = batcher.statistics();
      assertThat(statistics.answered().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(320);
      assertThat(statistics.meanRows()).isBetween(1.0, 9.0);
      assertThat(statistics.abandoned()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void assertAnswer(
      ContinuousBatcher batcher, QueryBatch queries, int row, Halting halting, Trajectory expected)
      throws Exception {
    Query query = query(queries, row);
    Answer answer = batcher.submit(query, halting).get();

    assertThat(answer.iterations())
        .as("%s, %s", query, halting)
        .isEqualTo(expected.haltingIteration(row, halting));
    for (int id = 0; id < answer.distribution().size(); id++) {
      assertThat(answer.distribution().probability(id))
          .isCloseTo(expected.distribution(answer.iterations(), row).probability(id), within(1e-5));
    }
  }

  private static Query query(QueryBatch queries, int row) {
    String[] relations = new String[queries.length(row) - 1];
    for (int hop = 0; hop < relations.length; hop++) {
      relations[hop] = queries.vocabulary().token(queries.id(row, hop + 1));
    }
    return Query.of(queries.vocabulary().token(queries.id(row, 0)), relations);
  }

  @Test
  void rowsHaltWhereThoseOfPyTorchDo() throws Exception {
    PyTorchFixture fixture = PyTorchFixture.nope();
    OnnxExporter.export(fixture.checkpoint(), folder);
    try (ContinuousBatcher batcher = load(256, 1024)) {
      for (var rule : fixture.halting().entrySet()) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (Query query : fixture.queries()) {
          answers.add(batcher.submit(query, rule.getKey()));
        }
        List<Integer> iterations = new ArrayList<>();
        for (CompletableFuture<Answer> answer : answers) {
          iterations.add(answer.get().iterations());
        }
        assertThat(iterations).isEqualTo(rule.getValue());
      }
    }
  }

  @Test
  void aFullQueueTakesNoMore() throws Exception {
    export();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(1, 1)) {
      CompletableFuture<Answer> first = batcher.submit(QUERY, waiting(running, release));
      running.await();
      CompletableFuture<Answer> second = batcher.submit(QUERY, Halting.fixed(1));

      assertThat(batcher.offer(QUERY, Halting.fixed(1))).isEmpty();
      assertThat(batcher.statistics().waiting()).isEqualTo(1);

      release.countDown();
      assertThat(first.get().iterations()).isEqualTo(2);
      assertThat(second.get().iterations()).isEqualTo(1);
      assertThat(batcher.offer(QUERY, Halting.fixed(1)).orElseThrow().get().iterations())
          .isEqualTo(1);
    }
  }

  @Test
  void aCancelledQueryLeavesTheBatch() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(4, 4)) {
      CompletableFuture<Answer> endless = batcher.submit(QUERY, Halting.fixed(Integer.MAX_VALUE));
      assertThat(batcher.submit(QUERY, Halting.fixed(3)).get().iterations()).isEqualTo(3);

      endless.cancel(true);
    }
    // Closing waits for all that runs, so that the cancelled query no longer does.
  }

  @Test
  void aQueryWhoseTimeIsUpFailsAndLeavesTheBatch() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(4, 4)) {
      CompletableFuture<Answer> late =
          batcher.submit(QUERY, Halting.fixed(Integer.MAX_VALUE), Duration.ofMillis(50));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(late::get)
          .withCauseInstanceOf(TimeoutException.class);
      batcher.submit(QUERY, Halting.fixed(2)).get();
      assertThat(batcher.statistics().abandoned()).isEqualTo(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batcher.submit(QUERY, Halting.fixed(1), Duration.ZERO))
          .withMessageContaining("must be positive");
    }
  }

  @Test
  void aRuleThatFailsFailsItsOwnQueryOnly() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(4, 4)) {
      CompletableFuture<Answer> bad =
          batcher.submit(
              QUERY,
              Halting.rule(
                  "broken",
                  history -> {
                    throw new ArithmeticException("broken rule");
                  }));
      CompletableFuture<Answer> good = batcher.submit(QUERY, Halting.fixed(6));

      assertThatThrownBy(bad::get).hasRootCauseMessage("broken rule");
      assertThat(good.get().iterations()).isEqualTo(6);
    }
  }

  @Test
  void closingAnswersWhatWasSubmittedAndTakesNoMore() throws Exception {
    export();
    ContinuousBatcher batcher = load(2, 100);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int query = 0; query < 30; query++) {
      answers.add(batcher.submit(QUERY, Halting.fixed(5)));
    }

    batcher.close();
    batcher.close();

    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(answers.get(29).get().iterations()).isEqualTo(5);
    assertThatIllegalStateException()
        .isThrownBy(() -> batcher.submit(QUERY, Halting.fixed(1)))
        .withMessageContaining("closed");
    assertThatIllegalStateException().isThrownBy(() -> batcher.offer(QUERY, Halting.fixed(1)));
  }

  @Test
  void anAnswerCannotCloseTheBatcher() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(2, 2)) {
      CountDownLatch chained = new CountDownLatch(1);
      CompletableFuture<Void> closing =
          batcher
              .submit(
                  QUERY,
                  Halting.rule(
                      "once chained",
                      history -> {
                        awaitUninterruptibly(chained);
                        return true;
                      }))
              .thenRun(batcher::close);
      chained.countDown();

      assertThatThrownBy(() -> closing.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("set off");
    }
  }

  @Test
  void badQueriesAreRefusedAtOnce() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(2, 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batcher.submit(Query.of("<e_99>", "<r_0>"), Halting.fixed(1)))
          .withMessageContaining("<e_99>");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchingOptions.builder().maxRows(0).build())
        .withMessageContaining("maxRows must be at least 1, but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchingOptions.builder().maxWaiting(0).build())
        .withMessageContaining("maxWaiting");
  }

  private void export() throws IOException {
    OnnxExporter.export(TestModels.random(1), folder);
  }

  private ContinuousBatcher load(int maxRows, int maxWaiting) throws IOException {
    return ContinuousBatcher.load(
        folder,
        BatchingOptions.builder().maxRows(maxRows).maxWaiting(maxWaiting).build(),
        ExecutionOptions.builder().threads(1).build());
  }

  /** A rule that holds up the batcher at its second iteration. */
  private static Halting waiting(CountDownLatch running, CountDownLatch release) {
    return Halting.rule(
        "released",
        history -> {
          running.countDown();
          awaitUninterruptibly(release);
          return true;
        });
  }
}
