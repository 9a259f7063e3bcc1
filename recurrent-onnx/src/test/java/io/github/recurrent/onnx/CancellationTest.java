package io.github.recurrent.onnx;

import static io.github.recurrent.onnx.HeldBatcher.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A query whose future is completed from outside leaves, and harms no other. */
@Timeout(60)
final class CancellationTest {
  private static final Halting ENDLESS = Halting.fixed(Integer.MAX_VALUE);
  private static final Halting ONCE = Halting.fixed(1);

  private final Path folder;

  CancellationTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  /** How somebody may complete a future who is not the batcher. */
  private enum Way {
    CANCEL {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.cancel(true);
      }
    },
    COMPLETE {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.complete(another);
      }
    },
    COMPLETE_EXCEPTIONALLY {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.completeExceptionally(new IOException("the client went away"));
      }
    },
    COMPLETE_ASYNC {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.completeAsync(() -> another, Runnable::run);
      }
    },
    COMPLETE_ON_TIMEOUT {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.completeOnTimeout(another, 1, TimeUnit.MILLISECONDS).join();
      }
    },
    OBTRUDE {
      @Override
      void end(CompletableFuture<Answer> future, Answer another) {
        future.obtrudeValue(another);
      }
    };

    abstract void end(CompletableFuture<Answer> future, Answer another);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aWaitingQueryLeavesItsPlaceAtOnce(Way way) throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(1, 2))) {
      ContinuousBatcher batcher = held.batcher();
      List<CompletableFuture<Answer>> waiting =
          batcher.offerAll(List.of(QUERY, QUERY), ONCE).orElseThrow();

      way.end(waiting.get(0), answer());

      awaitWaiting(batcher, 1);
      assertThat(batcher.offer(QUERY, ONCE)).isPresent();
      assertThat(batcher.statistics().cancelled()).isEqualTo(1);
      held.release();
      assertThat(waiting.get(1).get().iterations()).isEqualTo(1);
    }
  }

  /** What times futures out wakes those who wait for one before it tells who completes it. */
  private static void awaitWaiting(ContinuousBatcher batcher, int expected)
      throws InterruptedException {
    while (batcher.statistics().waiting() != expected || batcher.statistics().cancelled() == 0) {
      Thread.sleep(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRunningQueryLeavesItsBatch(Way way) throws Exception {
    try (ContinuousBatcher batcher = load(room(1, 2), 1)) {
      CompletableFuture<Answer> endless = batcher.submit(QUERY, ENDLESS);
      while (batcher.statistics().steps() < 2) {
        Thread.sleep(1);
      }

      way.end(endless, answer());

      // There is a single row.
      assertThat(batcher.answer(QUERY, ONCE).iterations()).isEqualTo(1);
      assertThat(batcher.statistics().cancelled()).isEqualTo(1);
    }
  }

  @Test
  void aPlaceIsFreeBeforeWhatDependsOnTheFutureRuns() throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(1, 1))) {
      CompletableFuture<Answer> waiting = held.batcher().submit(QUERY, ONCE);
      CompletableFuture<Optional<CompletableFuture<Answer>>> next =
          waiting.handle((answer, problem) -> held.batcher().offer(QUERY, ONCE));

      waiting.cancel(true);

      assertThat(next.get()).isPresent();
    }
  }

  @Test
  void aRowLeavesThoughWhatDependsOnItsFutureBlocks() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ContinuousBatcher batcher = load(room(1, 1), 1)) {
      CompletableFuture<Answer> endless = batcher.submit(QUERY, ENDLESS);
      CompletableFuture<Answer> blocked =
          endless.whenComplete((answer, problem) -> Uninterruptibles.awaitUninterruptibly(release));
      Thread canceller = new Thread(() -> endless.cancel(true));
      canceller.start();

      assertThat(batcher.answer(QUERY, ONCE).iterations()).isEqualTo(1);
      assertThat(blocked).isNotDone();
      release.countDown();
      canceller.join();
    }
  }

  /** Their tokens are more than those of the query before them, whose states they must not take. */
  @Test
  void queriesThatLeaveWhileTheyEnterABatchHarmNoneBesideThem() throws Exception {
    Query longer = Query.of("<e_2>", "<r_0>", "<r_1>", "<r_2>", "<r_3>", "<r_0>", "<r_1>");
    int count = 64;
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try (OnnxReasoner reasoner =
        OnnxReasoner.load(folder, ExecutionOptions.builder().threads(1).lanes(1).build())) {
      for (int trial = 0; trial < 200; trial++) {
        try (HeldBatcher held =
            new HeldBatcher(ContinuousBatcher.of(reasoner, room(count, count)))) {
          List<CompletableFuture<Answer>> futures =
              held.batcher().offerAll(Collections.nCopies(count, longer), ONCE).orElseThrow();
          Future<?> cancelling =
              threads.submit(
                  () -> {
                    while (!held.holding().isDone()) {
                      Thread.onSpinWait();
                    }
                    for (int index = count - 1; index > 0; index -= 2) {
                      futures.get(index).cancel(true);
                    }
                  });
          held.release();
          cancelling.get();

          for (int index = 0; index < count; index += 2) {
            assertThat(futures.get(index).get().iterations()).isEqualTo(1);
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whateverManyThreadsCancelTheRestIsAnsweredAndAllIsCounted() throws Exception {
    QueryBatch queries = TestModels.queries(40, 6, 5);
    Trajectory expected;
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      expected = reasoner.trajectory(queries, 9);
    }
    Map<ContinuousBatcher.Listener.Outcome, AtomicInteger> told = new ConcurrentHashMap<>();
    ContinuousBatcher.Listener listener =
        new ContinuousBatcher.Listener() {
          @Override
          public void ended(End end) {
            told.computeIfAbsent(end.outcome(), outcome -> new AtomicInteger()).incrementAndGet();
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    ContinuousBatcher batcher =
        load(BatchingOptions.builder().from(room(9, 12)).listener(listener).build(), 2);
    long submitted = 0;
    try (batcher) {
      List<Callable<Integer>> users = new ArrayList<>();
      for (int user = 0; user < 4; user++) {
        Random random = new Random(user);
        users.add(() -> askAndCancel(batcher, queries, expected, random));
      }
      for (Future<Integer> user : threads.invokeAll(users)) {
        submitted += user.get();
      }
    } finally {
      threads.shutdownNow();
    }

    ContinuousBatcher.Statistics found = batcher.statistics();
    assertThat(found.cancelled()).isPositive();
    assertThat(found.expired()).isPositive();
    assertThat(found.failed()).isZero();
    assertThat(found.answers() + found.cancelled() + found.expired()).isEqualTo(submitted);
    assertThat(found.waiting()).isZero();
    assertThat(found.running()).isZero();
    assertThat(told.values().stream().mapToInt(AtomicInteger::get).sum()).isEqualTo(submitted);
    assertThat(told.get(ContinuousBatcher.Listener.Outcome.CANCELLED))
        .hasValue((int) found.cancelled());
  }

  /** Asks, turns away from some, and looks at the answers; returns how many queries entered. */
  private static int askAndCancel(
      ContinuousBatcher batcher, QueryBatch queries, Trajectory expected, Random random)
      throws Exception {
    int entered = 0;
    for (int request = 0; request < 120; request++) {
      int size = 1 + random.nextInt(6);
      int iterations = 1 + random.nextInt(9);
      List<Integer> rows = new ArrayList<>();
      List<Query> asked = new ArrayList<>();
      for (int index = 0; index < size; index++) {
        rows.add(random.nextInt(queries.size()));
        asked.add(query(queries, rows.get(index)));
      }
      Optional<ImmutableList<CompletableFuture<Answer>>> futures =
          random.nextInt(4) == 0
              ? batcher.offerAll(
                  asked,
                  ENDLESS,
                  Deadline.failingAfter(Duration.ofNanos(1 + random.nextInt(2_000_000))))
              : batcher.offerAllPatiently(asked, Halting.fixed(iterations), Duration.ofSeconds(30));
      if (futures.isEmpty()) {
        continue;
      }
      entered += size;
      for (int index = 0; index < size; index++) {
        if (random.nextInt(3) == 0) {
          Uninterruptibles.sleepUninterruptibly(Duration.ofNanos(random.nextInt(100_000)));
          futures.get().get(index).cancel(true);
        }
      }
      for (int index = 0; index < size; index++) {
        Answer answer = futures.get().get(index).exceptionally(problem -> null).get();
        if (answer != null) {
          assertThat(answer.iterations()).isEqualTo(iterations);
          assertThat(answer.distribution().entropy())
              .isCloseTo(
                  expected.distribution(iterations, rows.get(index)).entropy(), within(1e-4));
        }
      }
    }
    return entered;
  }

  private static Query query(QueryBatch queries, int row) {
    String[] relations = new String[queries.length(row) - 1];
    for (int hop = 0; hop < relations.length; hop++) {
      relations[hop] = queries.vocabulary().token(queries.id(row, hop + 1));
    }
    return Query.of(queries.vocabulary().token(queries.id(row, 0)), relations);
  }

  /** Returns an answer that the batcher did not find. */
  private Answer answer() {
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      return reasoner.answer(QUERY, ONCE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static BatchingOptions room(int maxRows, int maxWaiting) {
    return BatchingOptions.builder().maxRows(maxRows).maxWaiting(maxWaiting).build();
  }

  private ContinuousBatcher load(BatchingOptions options, int lanes) throws IOException {
    return ContinuousBatcher.load(
        folder, options, ExecutionOptions.builder().threads(1).lanes(lanes).build());
  }
}
