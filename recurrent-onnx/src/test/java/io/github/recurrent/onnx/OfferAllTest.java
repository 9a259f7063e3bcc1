package io.github.recurrent.onnx;

import static io.github.recurrent.onnx.HeldBatcher.QUERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several queries enter a batcher together. */
@Timeout(60)
final class OfferAllTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Halting TWICE = Halting.fixed(2);

  private final Path folder;

  OfferAllTest(@TempDir Path parent) throws IOException {
    folder = parent.resolve("onnx");
    OnnxExporter.export(TestModels.random(1), folder);
  }

  /** How queries may be offered. */
  private enum Way {
    AT_ONCE {
      @Override
      Optional<ImmutableList<CompletableFuture<Answer>>> offer(
          ContinuousBatcher batcher, List<Query> queries) {
        return batcher.offerAll(queries, TWICE);
      }
    },
    WITH_A_DEADLINE {
      @Override
      Optional<ImmutableList<CompletableFuture<Answer>>> offer(
          ContinuousBatcher batcher, List<Query> queries) {
        return batcher.offerAll(queries, TWICE, Deadline.failingAfter(LONG));
      }
    },
    EACH_WITH_A_HALTING {
      @Override
      Optional<ImmutableList<CompletableFuture<Answer>>> offer(
          ContinuousBatcher batcher, List<Query> queries) {
        return batcher.offerAll(
            queries, Collections.nCopies(queries.size(), TWICE), Deadline.failingAfter(LONG));
      }
    },
    PATIENTLY {
      @Override
      Optional<ImmutableList<CompletableFuture<Answer>>> offer(
          ContinuousBatcher batcher, List<Query> queries) throws InterruptedException {
        return batcher.offerAllPatiently(queries, TWICE, Duration.ofMillis(2));
      }
    };

    abstract Optional<ImmutableList<CompletableFuture<Answer>>> offer(
        ContinuousBatcher batcher, List<Query> queries) throws InterruptedException;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void queriesEnterTogetherOrNotAtAll(Way way) throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(3))) {
      ContinuousBatcher batcher = held.batcher();
      List<CompletableFuture<Answer>> entered =
          way.offer(batcher, List.of(QUERY, QUERY)).orElseThrow();

      assertThat(way.offer(batcher, List.of(QUERY, QUERY))).isEmpty();
      assertThat(batcher.statistics().waiting()).isEqualTo(2);
      assertThat(batcher.statistics().refused()).isEqualTo(2);
      assertThat(batcher.offer(QUERY, TWICE)).isPresent();

      held.release();
      assertThat(entered).hasSize(2).allSatisfy(future -> assertThat(future.get()).isNotNull());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void answersAreInTheOrderOfTheQueries(Way way) throws Exception {
    List<Query> queries = new ArrayList<>();
    for (int entity = 0; entity < TestModels.ENTITIES; entity++) {
      queries.add(Query.of("<e_" + entity + ">", "<r_1>", "<r_" + entity % 4 + ">"));
    }
    try (ContinuousBatcher batcher = ContinuousBatcher.load(folder)) {
      List<CompletableFuture<Answer>> futures = way.offer(batcher, queries).orElseThrow();

      for (int index = 0; index < queries.size(); index++) {
        Answer alone = batcher.answer(queries.get(index), TWICE);
        assertThat(futures.get(index).get().distribution().entropy())
            .isCloseTo(alone.distribution().entropy(), within(1e-5));
      }
    }
  }

  @Test
  void everyQueryHaltsByItsOwnHalting() throws Exception {
    List<Halting> haltings = List.of(Halting.fixed(3), Halting.fixed(1), Halting.fixed(2));
    Deadline deadline = Deadline.failingAfter(LONG);
    try (ContinuousBatcher batcher = ContinuousBatcher.load(folder)) {
      List<CompletableFuture<Answer>> futures =
          batcher.offerAll(Collections.nCopies(3, QUERY), haltings, deadline).orElseThrow();

      assertThat(futures).extracting(future -> future.get().iterations()).containsExactly(3, 1, 2);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batcher.offerAll(List.of(QUERY), haltings, deadline))
          .withMessage("1 queries need as many haltings, but there are 3");
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aRequestThatCanNeverEnterIsSaidToBeTooLarge(Way way) throws Exception {
    try (ContinuousBatcher batcher = load(3)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> way.offer(batcher, Collections.nCopies(4, QUERY)))
          .withMessageContaining("4 queries")
          .withMessageContaining("at most 3 may wait");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> way.offer(batcher, List.of()))
          .withMessageContaining("at least one query");
      assertThat(way.offer(batcher, Collections.nCopies(3, QUERY))).isPresent();
      assertThat(batcher.statistics().refused()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aBadQueryIsNamedAndKeepsTheOthersOut(Way way) throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(3))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> way.offer(held.batcher(), List.of(QUERY, Query.of("<e_99>", "<r_0>"), QUERY)))
          .withMessageContaining("query 2 of 3")
          .withMessageContaining("<e_99>");
      assertThat(held.batcher().statistics().waiting()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aClosedBatcherTakesNoMore(Way way) throws Exception {
    ContinuousBatcher batcher = load(3);
    batcher.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> way.offer(batcher, List.of(QUERY)))
        .withMessageContaining("closed");
  }

  @Test
  void everyQueryHasTheDeadline() throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(3))) {
      List<CompletableFuture<Answer>> late =
          held.batcher()
              .offerAll(List.of(QUERY, QUERY), TWICE, Deadline.failingAfter(Duration.ofMillis(20)))
              .orElseThrow();

      assertThat(late)
          .allSatisfy(
              future -> assertThatThrownBy(future::get).hasCauseInstanceOf(TimeoutException.class));
      assertThat(held.batcher().statistics().expired()).isEqualTo(2);
      assertThat(held.batcher().statistics().waiting()).isZero();
    }
  }

  @Test
  void aDeadlineMayGiveTheAnswersSoFar() throws Exception {
    try (ContinuousBatcher batcher = load(3)) {
      List<CompletableFuture<Answer>> late =
          batcher
              .offerAll(
                  List.of(QUERY, QUERY),
                  Halting.fixed(Integer.MAX_VALUE),
                  Deadline.answeringAfter(Duration.ofMillis(100)))
              .orElseThrow();

      assertThat(late)
          .allSatisfy(future -> assertThat(future.get().cause()).isEqualTo(Answer.Cause.DEADLINE));
    }
  }

  @Test
  void whoIsPatientEntersOnceThereIsRoomForAll() throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(2))) {
      CompletableFuture<Answer> first = held.batcher().submit(QUERY, TWICE);
      CompletableFuture<Answer> second = held.batcher().submit(QUERY, TWICE);
      CompletableFuture<Integer> patient =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return held.batcher()
                      .offerAllPatiently(List.of(QUERY, QUERY), TWICE, LONG)
                      .orElseThrow()
                      .size();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      first.cancel(true);
      second.cancel(true);

      assertThat(patient.get()).isEqualTo(2);
      assertThat(held.batcher().statistics().waiting()).isEqualTo(2);
    }
  }

  @Test
  void whoIsInterruptedWhilePatientSubmitsNothing() throws Exception {
    try (HeldBatcher held = HeldBatcher.load(folder, room(2))) {
      Thread.currentThread().interrupt();

      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> held.batcher().offerAllPatiently(List.of(QUERY, QUERY), TWICE, LONG));
      assertThat(held.batcher().statistics().waiting()).isZero();
    }
  }

  @Test
  void amongManyThreadsNoPartOfARequestEnters() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    ContinuousBatcher batcher = load(5);
    long refused = 0;
    long accepted = 0;
    try (batcher) {
      List<Callable<int[]>> users = new ArrayList<>();
      for (int user = 0; user < 4; user++) {
        Random random = new Random(user);
        users.add(() -> offer(batcher, random));
      }
      for (Future<int[]> user : threads.invokeAll(users)) {
        accepted += user.get()[0];
        refused += user.get()[1];
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(refused).isPositive();
    assertThat(batcher.statistics().answers()).isEqualTo(accepted).isPositive();
    assertThat(batcher.statistics().refused()).isEqualTo(refused);
  }

  /** Returns how many queries entered, and how many did not. */
  private static int[] offer(ContinuousBatcher batcher, Random random) throws Exception {
    int[] counts = new int[2];
    for (int request = 0; request < 150; request++) {
      List<Query> queries = Collections.nCopies(1 + random.nextInt(5), QUERY);
      Optional<ImmutableList<CompletableFuture<Answer>>> futures =
          Way.values()[random.nextInt(Way.values().length)].offer(batcher, queries);
      counts[futures.isPresent() ? 0 : 1] += queries.size();
      if (futures.isPresent()) {
        assertThat(futures.get()).hasSameSizeAs(queries);
      }
    }
    return counts;
  }

  private static BatchingOptions room(int maxWaiting) {
    return BatchingOptions.builder().maxRows(1).maxWaiting(maxWaiting).build();
  }

  private ContinuousBatcher load(int maxWaiting) throws IOException {
    return ContinuousBatcher.load(
        folder,
        BatchingOptions.builder().maxRows(4).maxWaiting(maxWaiting).build(),
        ExecutionOptions.builder().threads(1).lanes(2).build());
  }
}
