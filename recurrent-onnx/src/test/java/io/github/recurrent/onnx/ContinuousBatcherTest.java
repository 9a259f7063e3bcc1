package io.github.recurrent.onnx;

import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import com.google.common.base.Throwables;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
          Halting.stableAnswer(3).atMost(12),
          Halting.hiddenChange(0.3).atMost(12),
          Halting.entropy(2).atLeast(4).atMost(12),
          Halting.klAndEntropy(0.05, 2).atMost(12).amongEntities(),
          Halting.rule(
                  "as sure as at first",
                  history -> history.get(history.size() - 1).entropy() <= history.get(0).entropy())
              .atMost(12));

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

  static Stream<Arguments> modelsAndLanes() {
    return models().flatMap(model -> Stream.of(arguments(model, 1), arguments(model, 3)));
  }

  @ParameterizedTest
  @MethodSource("modelsAndLanes")
  void queriesOfManyThreadsAreAnsweredAsEachIsAlone(RecurrentDepthTransformer model, int lanes)
      throws Exception {
    Checkpoint checkpoint = TestModels.random(model, 3);
    QueryBatch queries = TestModels.queries(60, 6, 5);
    OnnxExporter.export(checkpoint, folder);
    Trajectory expected;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      expected = reasoner.trajectory(queries, 12);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (ContinuousBatcher batcher = load(9, 20, lanes)) {
      List<Callable<Void>> users = new ArrayList<>();
      for (int user = 0; user < 4; user++) {
        Random random = new Random(user);
        users.add(
            () -> {
              for (int asked = 0; asked < 80; asked++) {
                int row = random.nextInt(queries.size());
                Halting halting = RULES.get(random.nextInt(RULES.size()));
                if (random.nextInt(4) == 0) {
                  abandon(batcher, query(queries, random.nextInt(queries.size())), random);
                }
                assertAnswer(batcher, queries, row, halting, expected);
              }
              return null;
            });
      }
      for (Future<Void> user : threads.invokeAll(users)) {
        user.get();
      }

      ContinuousBatcher.Statistics statistics = batcher.statistics();
      assertThat(statistics.answers()).isEqualTo(320);
      assertThat(statistics.meanRows()).isBetween(1.0, 9.0);
      assertThat(statistics.cancelled()).isPositive();
      assertThat(statistics.expired()).isPositive();
      assertThat(statistics.failed()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Asks something that takes forever, and turns away from it sooner or later. */
  private static void abandon(ContinuousBatcher batcher, Query query, Random random)
      throws InterruptedException {
    if (random.nextBoolean()) {
      CompletableFuture<Answer> unused =
          batcher.submit(
              query, Halting.fixed(Integer.MAX_VALUE), Deadline.failingAfter(Duration.ofMillis(1)));
    } else {
      CompletableFuture<Answer> future = batcher.submit(query, Halting.fixed(Integer.MAX_VALUE));
      Thread.sleep(random.nextInt(3));
      future.cancel(true);
    }
  }

  /**
   * Within 1e-5 and not bit for bit: the runtime's matrix products add up in another order for
   * another number of rows.
   */
  private static void assertAnswer(
      ContinuousBatcher batcher, QueryBatch queries, int row, Halting halting, Trajectory expected)
      throws Exception {
    Query query = query(queries, row);
    Answer answer = batcher.submit(query, halting).get();

    assertThat(answer.iterations())
        .as("%s, %s", query, halting)
        .isEqualTo(expected.haltingIteration(row, halting));
    Distribution distribution = expected.distribution(answer.iterations(), row);
    if (halting.isAmongEntities()) {
      distribution = distribution.restrictedTo(batcher.vocabulary()::isEntity);
    }
    for (int id = 0; id < answer.distribution().size(); id++) {
      assertThat(answer.distribution().probability(id))
          .isCloseTo(distribution.probability(id), within(1e-5));
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
  void aLaneThatIsHeldUpHoldsUpNoOther() throws Exception {
    export();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(8, 4, 2)) {
      CompletableFuture<Answer> heldUp = batcher.submit(QUERY, waiting(running, release));
      running.await();

      assertThat(batcher.answer(QUERY, Halting.fixed(5)).iterations()).isEqualTo(5);
      assertThat(batcher.statistics().running()).isEqualTo(1);
      // The other lane has more rows already, but is the only one that can take another.
      CompletableFuture<Answer> endless = batcher.submit(QUERY, Halting.fixed(Integer.MAX_VALUE));
      CompletableFuture<Answer> second = batcher.submit(QUERY, Halting.fixed(Integer.MAX_VALUE));
      assertThat(batcher.answer(QUERY, Halting.fixed(5)).iterations()).isEqualTo(5);
      endless.cancel(true);
      second.cancel(true);
      release.countDown();
      assertThat(heldUp.get().iterations()).isEqualTo(2);
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
      assertThat(batcher.statistics().running()).isEqualTo(1);

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
          batcher.submit(
              QUERY,
              Halting.fixed(Integer.MAX_VALUE),
              Deadline.failingAfter(Duration.ofMillis(50)));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(late::get)
          .withCauseInstanceOf(TimeoutException.class);
      batcher.submit(QUERY, Halting.fixed(2)).get();
      assertThat(batcher.statistics().expired()).isEqualTo(1);
      assertThat(batcher.statistics().cancelled()).isZero();
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> batcher.submit(QUERY, Halting.fixed(1), Deadline.failingAfter(Duration.ZERO)))
          .withMessageContaining("must be positive");
    }
  }

  @Test
  void aQueryWhoseTimeIsUpIsAnsweredAsFarAsItHasCome() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(4, 4)) {
      Answer late =
          batcher.answer(
              QUERY,
              Halting.fixed(Integer.MAX_VALUE),
              Deadline.answeringAfter(Duration.ofMillis(60)));
      Answer expected = batcher.answer(QUERY, Halting.fixed(late.iterations()));

      assertThat(late.cause()).isEqualTo(Answer.Cause.DEADLINE);
      assertThat(late.iterations()).isPositive();
      assertThat(late.distribution().entropy())
          .isCloseTo(expected.distribution().entropy(), within(1e-5));
      assertThat(batcher.statistics().expired()).isZero();
      assertThat(
              batcher
                  .answer(QUERY, Halting.fixed(3), Deadline.answeringAfter(Duration.ofSeconds(30)))
                  .cause())
          .isEqualTo(Answer.Cause.LIMIT);
    }
  }

  @Test
  void aQueryThatNeverRanWithinItsTimeFails() throws Exception {
    export();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(1, 1)) {
      CompletableFuture<Answer> first = batcher.submit(QUERY, waiting(running, release));
      running.await();
      CompletableFuture<Answer> waits =
          batcher.submit(QUERY, Halting.fixed(1), Deadline.answeringAfter(Duration.ofMillis(20)));
      assertThatThrownBy(waits::get).hasCauseInstanceOf(TimeoutException.class);
      assertThat(batcher.statistics().waiting()).isZero();

      CompletableFuture<Answer> unused = batcher.submit(QUERY, Halting.fixed(1));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(
              () ->
                  batcher.answer(
                      QUERY, Halting.fixed(1), Deadline.failingAfter(Duration.ofMillis(20))))
          .withMessageContaining("PT0.02S");
      assertThat(batcher.statistics().expired()).isEqualTo(2);
      release.countDown();
      assertThat(first.get().iterations()).isEqualTo(2);
    }
  }

  @Test
  void whoWaitsInVainIsToldSoAndACancelledQueryMakesRoomAtOnce() throws Exception {
    export();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(1, 1)) {
      CompletableFuture<Answer> unused = batcher.submit(QUERY, waiting(running, release));
      running.await();
      CompletableFuture<Answer> second = batcher.submit(QUERY, Halting.fixed(1));

      assertThat(batcher.offerPatiently(QUERY, Halting.fixed(1), Duration.ofMillis(5))).isEmpty();
      assertThat(batcher.statistics().refused()).isEqualTo(1);
      second.cancel(true);
      assertThat(batcher.offerPatiently(QUERY, Halting.fixed(1), Duration.ofMillis(5))).isPresent();
      assertThat(batcher.statistics().cancelled()).isEqualTo(1);
      release.countDown();
    }
  }

  @Test
  void anInterruptedWaiterTakesItsQueryAlong() throws Exception {
    export();
    try (ContinuousBatcher batcher = load(1, 1)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> batcher.answer(QUERY, Halting.fixed(Integer.MAX_VALUE)));
      assertThat(batcher.answer(QUERY, Halting.fixed(2)).iterations()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRuleThatFailsFailsItsOwnQueryOnly(Throwable failure) throws Exception {
    export();
    try (ContinuousBatcher batcher = load(4, 4)) {
      CompletableFuture<Answer> bad =
          batcher.submit(
              QUERY,
              Halting.rule(
                  "broken",
                  history -> {
                    Throwables.throwIfUnchecked(failure);
                    return false;
                  }));
      CompletableFuture<Answer> good = batcher.submit(QUERY, Halting.fixed(6));

      assertThatThrownBy(bad::get).hasRootCauseMessage("broken rule");
      assertThat(good.get().iterations()).isEqualTo(6);
      assertThat(batcher.statistics().failed()).isEqualTo(1);
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(new ArithmeticException("broken rule"), new StackOverflowError("broken rule"));
  }

  @Test
  void aRuntimeThatFailsFailsWhatRanAndGoesOn() throws Exception {
    export();
    AtomicInteger runs = new AtomicInteger();
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      RuntimeSession session = reasoner.shareSession();
      StepRunner failing =
          (inputs, outputs) -> {
            if (runs.incrementAndGet() == 3) {
              throw new OrtException("out of memory");
            }
            session.run(inputs, outputs);
          };
      try (ContinuousBatcher batcher =
          ContinuousBatcher.start(
              reasoner.exported(), session, failing, BatchingOptions.builder().build(), 1)) {
        CompletableFuture<Answer> bad = batcher.submit(QUERY, Halting.fixed(9));

        assertThatThrownBy(bad::get)
            .hasMessageContaining("ONNX Runtime failed")
            .hasMessageContaining("out of memory");
        assertThat(batcher.answer(QUERY, Halting.fixed(9)).iterations()).isEqualTo(9);
        assertThat(batcher.statistics().failed()).isEqualTo(1);
      }
    }
  }

  @Test
  void dependentsThatBlockDoNotHoldUpOthersOnAnExecutorOfTheirOwn() throws Exception {
    export();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch release = new CountDownLatch(1);
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder);
        ContinuousBatcher batcher =
            ContinuousBatcher.of(
                reasoner, BatchingOptions.builder().completionExecutor(threads).build())) {
      CountDownLatch chained = new CountDownLatch(1);
      CompletableFuture<Void> blocked =
          batcher
              .submit(
                  QUERY,
                  Halting.rule(
                      "once chained",
                      history -> {
                        awaitUninterruptibly(chained);
                        return true;
                      }))
              .thenRun(() -> awaitUninterruptibly(release));
      chained.countDown();

      assertThat(batcher.answer(QUERY, Halting.fixed(4)).iterations()).isEqualTo(4);
      assertThat(blocked).isNotDone();
      release.countDown();
      blocked.get();
      threads.shutdown();
      assertThat(batcher.answer(QUERY, Halting.fixed(4)).iterations()).isEqualTo(4);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatAnAnswerSetsOffCanNeitherInterruptTheBatcherNorWaitForItself() throws Exception {
    export();
    CountDownLatch chained = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(1, 1)) {
      CompletableFuture<Answer> chain =
          batcher
              .submit(
                  QUERY,
                  Halting.rule(
                      "once chained",
                      history -> {
                        awaitUninterruptibly(chained);
                        return true;
                      }))
              .thenApply(
                  answer -> {
                    Thread.currentThread().interrupt();
                    // The second finds the queue full, which only this thread empties.
                    CompletableFuture<Answer> unused =
                        batcher.offer(QUERY, Halting.fixed(1)).orElseThrow();
                    try {
                      return batcher.submit(QUERY, Halting.fixed(1)).join();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      chained.countDown();

      assertThatThrownBy(() -> chain.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("completionExecutor");
      assertThat(batcher.answer(QUERY, Halting.fixed(5)).iterations()).isEqualTo(5);
    }
  }

  @Test
  void aBatcherAndItsReasonerEndIndependently() throws Exception {
    export();
    OnnxReasoner reasoner = OnnxReasoner.load(folder);
    ContinuousBatcher first = ContinuousBatcher.of(reasoner);
    ContinuousBatcher second = ContinuousBatcher.of(reasoner);
    Answer expected = reasoner.answer(QUERY, Halting.fixed(4));

    first.close();
    assertThat(reasoner.answer(QUERY, Halting.fixed(4)).tokenId()).isEqualTo(expected.tokenId());
    reasoner.close();
    reasoner.close();
    assertThat(second.answer(QUERY, Halting.fixed(4)).tokenId()).isEqualTo(expected.tokenId());
    assertThatIllegalStateException()
        .isThrownBy(() -> ContinuousBatcher.of(reasoner))
        .withMessageContaining("closed");
    second.close();
    second.close();
  }

  @Test
  void warmingUpIsNotCounted() throws Exception {
    export();
    ContinuousBatcher batcher = load(8, 4);
    try (batcher) {
      batcher.warmUp(5);

      ContinuousBatcher.Statistics before = batcher.statistics();
      assertThat(before.steps()).isZero();
      batcher.answer(QUERY, Halting.fixed(3));
      ContinuousBatcher.Statistics after = batcher.statistics();
      assertThat(after.steps()).isEqualTo(3);
      assertThat(after.meanIterations()).isEqualTo(3);
      assertThat(after.running()).isZero();
      assertThat(after.meanWait()).isPositive().isLessThanOrEqualTo(after.longestWait());
      assertThat(after.answersPerSecondSince(before)).isBetween(1e-3, 1e6);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> before.answersPerSecondSince(after))
          .withMessageContaining("not earlier");
      assertThatIllegalArgumentException().isThrownBy(() -> batcher.warmUp(0));
    }
    assertThatIllegalStateException().isThrownBy(() -> batcher.warmUp(1));
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
          .hasMessageContaining("sets off");
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
    return load(maxRows, maxWaiting, 1);
  }

  private ContinuousBatcher load(int maxRows, int maxWaiting, int lanes) throws IOException {
    return ContinuousBatcher.load(
        folder,
        BatchingOptions.builder().maxRows(maxRows).maxWaiting(maxWaiting).build(),
        ExecutionOptions.builder().threads(1).lanes(lanes).build());
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
