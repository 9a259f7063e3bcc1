package io.github.recurrent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.internal.graph.AdaptiveGraph;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxReasonerTest {
  private static final ImmutableList<Halting> RULES =
      ImmutableList.of(
          Halting.kl(0.05).atMost(12),
          Halting.klAndEntropy(0.1, 2).atMost(10),
          Halting.klAndEntropy(0.02, 2.5).atMost(9).atLeast(4),
          Halting.klAndEntropy(1e-5, 2.9).atMost(12),
          Halting.kl(1).atMost(1),
          Halting.fixed(3));
  private static final float LOGIT_TOLERANCE = 1e-4f;

  private final Path folder;

  OnnxReasonerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A smoke test of answers on a GPU; without one it is skipped, and says so. */
  @Test
  void answersOnCudaAreThoseOfTheCpu() throws Exception {
    assumeTrue(
        OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
        "this ONNX Runtime has no CUDA");
    assumeTrue(isCudaDeviceThere(), "no driver tells of a CUDA device");
    QueryBatch queries = TestModels.queries(40, 6, 1);
    OnnxExporter.export(TestModels.random(TestModels.small().build(), 1), folder.resolve("onnx"));
    try (OnnxReasoner cpu = OnnxReasoner.load(folder.resolve("onnx"));
        OnnxReasoner cuda =
            OnnxReasoner.load(
                folder.resolve("onnx"),
                ExecutionOptions.builder()
                    .cudaDevice(0)
                    .cudaTf32(false)
                    .cudaMemoryLimit(1L << 30)
                    .build())) {
      Trajectory expected = cpu.trajectory(queries, 8);
      Trajectory found = cuda.trajectory(queries, 8);
      for (int row = 0; row < queries.size(); row++) {
        assertThat(found.logits(8, row)).containsExactly(expected.logits(8, row), within(1e-3f));
      }
    }
  }

  private static boolean isCudaDeviceThere() throws InterruptedException {
    try {
      Process list =
          new ProcessBuilder("nvidia-smi", "-L")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return list.waitFor() == 0;
    } catch (IOException noDriver) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void answersAreTheRuleAppliedToTheTrajectory(long seed) throws IOException {
    RecurrentDepthTransformer model =
        switch ((int) seed % 3) {
          case 0 -> TestModels.small().inputInjection(true).build();
          case 1 -> TestModels.small().build();
          default ->
              TestModels.small()
                  .positions(PositionEncoding.LEARNED)
                  .maxPositions(7)
                  .readPosition(ReadPosition.column(6))
                  .build();
        };
    QueryBatch queries = TestModels.queries(40, 6, seed);
    try (OnnxReasoner reasoner = load(TestModels.random(model, seed))) {
      Trajectory trajectory = reasoner.trajectory(queries, 12);
      for (Halting halting : RULES) {
        assertThat(iterations(reasoner.answer(queries, halting)))
            .as(halting.toString())
            .containsExactly(
                LongStream.range(0, queries.size())
                    .map(row -> trajectory.haltingIteration((int) row, halting))
                    .toArray());
      }
    }
  }

  @Test
  void rowsThatHaltEarlyKeepTheirAnswerWhileOthersGoOn() throws IOException {
    QueryBatch queries = TestModels.queries(40, 6, 1);
    try (OnnxReasoner reasoner = load(TestModels.random(1))) {
      Trajectory trajectory = reasoner.trajectory(queries, 12);

      List<Answer> answers = reasoner.answer(queries, RULES.get(0));

      assertThat(iterations(answers)).hasSizeGreaterThan(30);
      assertThat(LongStream.of(iterations(answers)).distinct().count()).isGreaterThan(2);
      for (int row = 0; row < queries.size(); row++) {
        int halted = answers.get(row).iterations();
        for (int id = 0; id < trajectory.vocabularySize(); id++) {
          assertThat(answers.get(row).distribution().logProbability(id))
              .isCloseTo(
                  trajectory.distribution(halted, row).logProbability(id),
                  within((double) LOGIT_TOLERANCE));
        }
      }
    }
  }

  @Test
  void onlyLiveRowsAreComputed() throws Exception {
    QueryBatch queries = TestModels.queries(40, 4, 1);
    long[] iterations;
    try (OnnxReasoner reasoner = load(TestModels.random(1))) {
      iterations = iterations(reasoner.answer(queries, RULES.get(0)));
    }

    List<Long> compared = rowsCompared(queries, RULES.get(0));

    List<Long> live = new ArrayList<>();
    for (int iteration = 1; iteration <= Longs.max(iterations); iteration++) {
      int now = iteration;
      live.add(LongStream.of(iterations).filter(halted -> halted >= now).count());
    }
    assertThat(compared).containsExactlyElementsOf(live);
    assertThat(live).first().isEqualTo(40L);
    assertThat(live).last().isNotEqualTo(40L);
  }

  @Test
  void distributionsAreComputedOnlyWhereRowsMayHalt() throws Exception {
    QueryBatch queries = TestModels.queries(5, 4, 1);
    load(TestModels.random(1)).close();

    assertThat(rowsCompared(queries, Halting.fixed(6))).isEmpty();
    assertThat(rowsCompared(queries, Halting.kl(1e-20).atLeast(4).atMost(6)))
        .containsExactly(5L, 5L, 5L, 5L);
  }

  /** Returns the rows of every softmax in a run of the exported model, by the runtime's profile. */
  private List<Long> rowsCompared(QueryBatch queries, Halting halting) throws Exception {
    long[][] ids = new long[queries.size()][queries.longest() + 1];
    for (int row = 0; row < ids.length; row++) {
      for (int position = 0; position < queries.length(row); position++) {
        ids[row][position] = queries.id(row, position);
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Path profile;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.enableProfiling(folder.resolve("profile").toString());
      try (OrtSession session =
              environment.createSession(folder.resolve("onnx/model.onnx").toString(), options);
          OnnxTensor input = OnnxTensor.createTensor(environment, ids);
          OnnxTensor max = OnnxTensor.createTensor(environment, (long) halting.atMost());
          OnnxTensor min = OnnxTensor.createTensor(environment, (long) halting.atLeast());
          OnnxTensor kl =
              OnnxTensor.createTensor(
                  environment, AdaptiveCall.threshold(halting, halting.klThreshold()));
          OnnxTensor entropy =
              OnnxTensor.createTensor(
                  environment, AdaptiveCall.threshold(halting, halting.entropyThreshold()))) {
        session
            .run(
                Map.of(
                    AdaptiveGraph.IDS, input,
                    AdaptiveGraph.MAX_ITERATIONS, max,
                    AdaptiveGraph.MIN_ITERATIONS, min,
                    AdaptiveGraph.KL_THRESHOLD, kl,
                    AdaptiveGraph.ENTROPY_THRESHOLD, entropy))
            .close();
        profile = Path.of(session.endProfiling());
      }
    }
    List<Long> rows = new ArrayList<>();
    for (JsonNode event : new JsonMapper().readTree(profile.toFile())) {
      if (event.path("args").path("op_name").asText().equals("LogSoftmax")) {
        rows.add(event.at("/args/input_type_shape/0/double/0").asLong());
      }
    }
    return rows;
  }

  @Test
  void aModelWithoutPositionsTakesAnyLength() throws IOException {
    try (OnnxReasoner reasoner = load(TestModels.random(1))) {
      for (int hops : new int[] {1, 7, 40, 150}) {
        QueryBatch queries = TestModels.queries(2, hops, hops);
        Trajectory trajectory = reasoner.trajectory(queries, 2);
        assertThat(reasoner.answer(queries, Halting.fixed(2)).get(0).tokenId())
            .isEqualTo(trajectory.mostProbable(2, 0));
      }
    }
  }

  @Test
  void tellsWhereTheModelCameFrom() throws IOException {
    try (OnnxReasoner reasoner = load(TestModels.random(9))) {
      assertThat(reasoner.provenance()).isEqualTo(TestModels.random(9).provenance());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 2", "3, 3"})
  void anyNumberOfThreadsAndLanesGivesTheSameAnswers(int threads, int lanes) throws IOException {
    QueryBatch queries = TestModels.queries(300, 6, 1);
    OnnxExporter.export(TestModels.random(1), folder.resolve("onnx"));
    ExecutionOptions.Builder execution = ExecutionOptions.builder();
    try (OnnxReasoner one =
            OnnxReasoner.load(folder.resolve("onnx"), execution.threads(1).build());
        OnnxReasoner several =
            OnnxReasoner.load(
                folder.resolve("onnx"), execution.threads(threads).lanes(lanes).build())) {
      several.warmUp(300, 6);
      for (Halting halting : RULES) {
        assertThat(iterations(several.answer(queries, halting)))
            .isEqualTo(iterations(one.answer(queries, halting)));
      }
      Trajectory expected = one.trajectory(queries, 5);
      Trajectory found = several.trajectory(queries, 5);
      for (int row = 0; row < queries.size(); row++) {
        assertThat(found.logits(5, row)).containsExactly(expected.logits(5, row), within(1e-5f));
        assertThat(found.hiddenChange(5, row))
            .isCloseTo(expected.hiddenChange(5, row), within(1e-5));
      }
    }
  }

  @Test
  void aRuleThatFailsFailsTheCallAndNoOther() throws IOException {
    QueryBatch queries = TestModels.queries(300, 6, 1);
    OnnxExporter.export(TestModels.random(1), folder.resolve("onnx"));
    try (OnnxReasoner reasoner =
        OnnxReasoner.load(folder.resolve("onnx"), ExecutionOptions.builder().lanes(2).build())) {
      Halting failing =
          Halting.rule(
              "failing",
              history -> {
                throw new UnsupportedOperationException("a fault of the rule");
              });

      assertThatThrownBy(() -> reasoner.answer(queries, failing))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("a fault of the rule");
      assertThat(reasoner.answer(queries, Halting.fixed(3))).hasSize(300);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCallThatClosesItsReasonerFailsAndDoesNotWaitForItself(int lanes) throws IOException {
    QueryBatch queries = TestModels.queries(300, 6, 1);
    OnnxExporter.export(TestModels.random(1), folder.resolve("onnx"));
    ExecutionOptions execution = ExecutionOptions.builder().lanes(lanes).build();
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder.resolve("onnx"), execution)) {
      Set<Thread> refused = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(lanes);
      Halting closing =
          Halting.rule(
              "closing",
              history -> {
                assertThatIllegalStateException()
                    .isThrownBy(reasoner::close)
                    .withMessageContaining("its own reasoner");
                if (refused.add(Thread.currentThread())) {
                  all.countDown();
                }
                Uninterruptibles.awaitUninterruptibly(all);
                return true;
              });

      assertThat(reasoner.answer(queries, closing)).hasSize(300);
      assertThat(refused).hasSize(lanes);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsAnErrorThatListsThoseThatAre() throws IOException {
    OnnxExporter.export(TestModels.random(1), folder.resolve("onnx"));

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                OnnxReasoner.load(
                    folder.resolve("onnx"), ExecutionOptions.builder().cudaDevice(90).build()))
        .withMessageContaining("CUDA")
        .withMessageMatching("(?s).*(\\[CPU.*onnxruntime_gpu|device 90).*");
  }

  @Test
  void closingWaitsForTheAnswersUnderWay() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      QueryBatch queries = TestModels.queries(200, 6, 1);
      OnnxReasoner reasoner = load(TestModels.random(1));
      List<Future<Integer>> answers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        answers.add(threads.submit(() -> answersUntilClosed(reasoner, queries)));
      }
      reasoner.answer(queries, Halting.fixed(8));
      reasoner.close();
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isNotNegative();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int answersUntilClosed(OnnxReasoner reasoner, QueryBatch queries) {
    int answered = 0;
    while (true) {
      try {
        answered += reasoner.answer(queries, Halting.fixed(8)).size();
      } catch (IllegalStateException closed) {
        assertThat(closed).hasMessageContaining("closed");
        return answered;
      }
    }
  }

  private OnnxReasoner load(Checkpoint checkpoint) throws IOException {
    OnnxExporter.export(checkpoint, folder.resolve("onnx"));
    return OnnxReasoner.load(folder.resolve("onnx"));
  }

  private static long[] iterations(List<Answer> answers) {
    return answers.stream().mapToLong(Answer::iterations).toArray();
  }
}
