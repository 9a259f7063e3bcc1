package io.github.recurrent.onnx;

import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * Ends its virtual machine in one of several ways while models are in use; the last line says what
 * a shutdown hook saw.
 */
final class ExitProgram {
  static final int STATUS = 5;
  static final int ACCEPTED = 300;

  private static final Query QUERY = Query.of("<e_1>", "<r_1>", "<r_2>");

  /** What is going on, or is done in a hook, when the program ends. */
  enum Way {
    /** A hook closes a batcher with queries waiting. */
    DRAIN_BATCHER,
    /** A hook does so after a while. */
    DRAIN_BATCHER_LATE,
    /** A hook answers with a reasoner and closes it. */
    ANSWER_AND_CLOSE_REASONER,
    /** A hook traces and closes. */
    TRACE_AND_CLOSE,
    /** A hook loads a model, and answers. */
    LOAD_IN_HOOK,
    /** Threads answer with a reasoner for ever. */
    WHILE_ANSWERING,
    /** Threads submit to a batcher for ever. */
    WHILE_BATCHING,
    /** Threads load for ever. */
    WHILE_LOADING,
    /** What an answer sets off ends the program, and a hook closes the batcher. */
    FROM_A_COMPLETION,
    /** A rule within a batch ends the program, and a hook closes the batcher. */
    FROM_A_RULE_OF_A_BATCH,
    /** A rule within a call ends the program, and a hook closes the reasoner. */
    FROM_A_RULE_OF_A_CALL
  }

  private final Path folder;
  private final OnnxReasoner reasoner;
  private final ContinuousBatcher batcher;
  private final List<CompletableFuture<Answer>> accepted = new ArrayList<>();

  private ExitProgram(Path folder) throws IOException {
    this.folder = folder;
    reasoner = OnnxReasoner.load(folder);
    batcher = ContinuousBatcher.load(folder);
  }

  public static void main(String[] arguments) throws Exception {
    new ExitProgram(Path.of(arguments[1])).run(Way.valueOf(arguments[0]));
  }

  private void run(Way way) throws Exception {
    reasoner.answer(QUERY, Halting.fixed(2));
    batcher.answer(QUERY, Halting.fixed(2));
    switch (way) {
      case DRAIN_BATCHER -> {
        submit(Halting.fixed(30));
        inHook(this::drain);
      }
      case DRAIN_BATCHER_LATE -> {
        submit(Halting.fixed(30));
        inHook(
            () -> {
              Thread.sleep(200);
              drain();
            });
      }
      case ANSWER_AND_CLOSE_REASONER ->
          inHook(
              () -> {
                Thread.sleep(200);
                reasoner.answer(QUERY, Halting.fixed(2));
                reasoner.close();
                System.out.println("closed");
              });
      case TRACE_AND_CLOSE -> {
        OnnxTracer tracer = OnnxTracer.of(TestModels.random(1));
        inHook(
            () -> {
              Thread.sleep(200);
              tracer.trace(QueryBatch.of(TestModels.VOCABULARY, List.of(QUERY)), 2);
              tracer.close();
              System.out.println("closed");
            });
      }
      case LOAD_IN_HOOK ->
          inHook(
              () -> {
                Thread.sleep(200);
                try (OnnxReasoner another = OnnxReasoner.load(folder)) {
                  another.answer(QUERY, Halting.fixed(2));
                }
                System.out.println("closed");
              });
      case WHILE_ANSWERING ->
          forEver(() -> reasoner.answer(TestModels.queries(100, 5, 1), Halting.fixed(20)));
      case WHILE_BATCHING -> forEver(() -> batcher.submit(QUERY, Halting.fixed(20)).get());
      case WHILE_LOADING -> forEver(() -> OnnxReasoner.load(folder).close());
      case FROM_A_COMPLETION -> {
        inHook(this::drain);
        CountDownLatch chained = new CountDownLatch(1);
        CompletableFuture<Void> unused =
            batcher
                .submit(
                    QUERY,
                    Halting.rule(
                        "once chained",
                        history -> {
                          await(chained);
                          return true;
                        }))
                .thenRun(() -> System.exit(STATUS));
        submit(Halting.fixed(30));
        chained.countDown();
        Thread.sleep(Long.MAX_VALUE);
      }
      case FROM_A_RULE_OF_A_BATCH -> {
        inHook(this::drain);
        submit(Halting.fixed(30));
        accepted.add(batcher.submit(QUERY, exiting()));
        Thread.sleep(Long.MAX_VALUE);
      }
      case FROM_A_RULE_OF_A_CALL -> {
        inHook(
            () -> {
              reasoner.close();
              System.out.println("closed");
            });
        reasoner.answer(TestModels.queries(100, 5, 1), exiting());
      }
    }
    System.exit(STATUS);
  }

  private void submit(Halting halting) throws InterruptedException {
    for (int query = 0; query < ACCEPTED; query++) {
      accepted.add(batcher.submit(QUERY, halting));
    }
  }

  private void drain() {
    batcher.close();
    long answered =
        accepted.stream().filter(f -> f.isDone() && !f.isCompletedExceptionally()).count();
    long failed = accepted.stream().filter(CompletableFuture::isCompletedExceptionally).count();
    System.out.println("answered " + answered + ", failed " + failed);
  }

  private static Halting exiting() {
    return Halting.rule(
        "ends the virtual machine",
        history -> {
          System.exit(STATUS);
          return true;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  private static void inHook(Act act) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    act.run();
                  } catch (Throwable e) {
                    System.out.println("the hook failed: " + e);
                  }
                }));
  }

  private static void forEver(Act act) throws InterruptedException {
    for (int number = 0; number < 3; number++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    act.run();
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
    Thread.sleep(150);
  }
}
