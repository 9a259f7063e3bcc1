package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.fixtures.ForkedJvm;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Virtual machines that end while something is computed that is not a training. */
class AnswersAtExitTest {
  private static final int STATUS = 5;
  private static final int ROWS = 400;

  /** What is going on, or is done in a hook, when the program ends. */
  enum Way {
    /** Threads answer for ever. */
    WHILE_ANSWERING,
    /** Threads load for ever. */
    WHILE_LOADING,
    /** A thread measures for ever. */
    WHILE_MEASURING,
    /** An answer is under way, and its rule takes its time. */
    DURING_AN_ANSWER,
    /** A hook loads, answers and closes. */
    IN_A_HOOK,
    /** A rule ends the program, and a hook closes the reasoner. */
    FROM_A_RULE
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void theMachineEndsInPeace(Way way) throws Exception {
    ForkedJvm ended = ForkedJvm.run(List.of(), AnswersAtExitTest.class, way.toString());
    String output = ended.output();

    assertThat(ended.status()).as(output).isEqualTo(STATUS);
    assertThat(output).doesNotContain("fatal error has been detected");
    switch (way) {
      case DURING_AN_ANSWER -> assertThat(output).contains("answered");
      case IN_A_HOOK, FROM_A_RULE -> assertThat(output).contains("closed");
      default -> assertThat(output).doesNotContain("SIGSEGV");
    }
  }

  private static final MultiHopDataset DATA =
      MultiHopDataset.from(KnowledgeGraph.builder().entities(20).relations(3).seed(1).build())
          .hops(2, 2)
          .trainPerHop(30)
          .testPerHop(10)
          .build();

  public static void main(String[] arguments) throws Exception {
    Way way = Way.valueOf(arguments[0]);
    QueryBatch queries = queries();
    TensorFlowReasoner reasoner = TensorFlowReasoner.of(checkpoint());
    switch (way) {
      case WHILE_ANSWERING -> forEver(() -> reasoner.answer(queries, Halting.fixed(3)));
      case WHILE_LOADING -> forEver(() -> TensorFlowReasoner.of(checkpoint()).close());
      case WHILE_MEASURING ->
          forEver(() -> MatrixProductRate.measure(Device.cpu(), 1, Precision.FP32));
      case DURING_AN_ANSWER -> {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Halting slow =
            Halting.rule(
                "slow",
                history -> {
                  begun.countDown();
                  sleep(2);
                  if (asked.incrementAndGet() == ROWS) {
                    System.out.println("answered");
                  }
                  return true;
                });
        inBackground(() -> reasoner.answer(queries, slow));
        begun.await();
      }
      case IN_A_HOOK ->
          inHook(
              () -> {
                sleep(200);
                reasoner.answer(queries, Halting.fixed(2));
                reasoner.close();
                try (TensorFlowReasoner another = TensorFlowReasoner.of(checkpoint())) {
                  another.answer(queries, Halting.fixed(2));
                }
                System.out.println("closed");
              });
      case FROM_A_RULE -> {
        inHook(
            () -> {
              reasoner.close();
              System.out.println("closed");
            });
        reasoner.answer(
            queries,
            Halting.rule(
                "ends the virtual machine",
                history -> {
                  System.exit(STATUS);
                  return true;
                }));
      }
    }
    System.exit(STATUS);
  }

  private static void forEver(Runnable act) {
    for (int number = 0; number < 3; number++) {
      inBackground(
          () -> {
            while (true) {
              act.run();
            }
          });
    }
    sleep(500);
  }

  private static void inBackground(Runnable act) {
    Thread thread =
        new Thread(
            () -> {
              try {
                act.run();
              } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void inHook(Runnable act) {
    Runtime.getRuntime().addShutdownHook(new Thread(act));
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static QueryBatch queries() {
    List<Query> queries = Collections.nCopies(ROWS, Query.of("<e_1>", "<r_1>", "<r_2>"));
    return QueryBatch.of(DATA.vocabulary(), queries);
  }

  private static Checkpoint checkpoint() {
    RecurrentDepthTransformer model =
        RecurrentDepthTransformer.builder()
            .vocabulary(DATA.vocabulary())
            .width(256)
            .layers(4)
            .heads(2)
            .recurrence(Recurrence.fixed(1))
            .build();
    return Checkpoint.builder()
        .model(model)
        .vocabulary(DATA.vocabulary())
        .parameters(Parameters.initialize(model, Seed.of(1)))
        .provenance(ImmutableMap.of())
        .build();
  }
}
