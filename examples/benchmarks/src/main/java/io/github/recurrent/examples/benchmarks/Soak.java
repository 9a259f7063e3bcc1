package io.github.recurrent.examples.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.Deadline;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers in every way the runtime has, for minutes, and watches the memory of the process: a
 * batcher that several threads submit to, some of whose queries are cancelled or run out of time;
 * batches and trajectories of a reasoner; and reasoners that are loaded and closed again. Fails if
 * the memory grows after the first tenth of the time.
 *
 * <p>Usage: {@code Soak [seed]}. Options are {@code -Dminutes=10} and {@code -Dmargin=32}, the MiB
 * by which the memory may grow. The heap should be small, such as {@code -Xmx256m}, as what the
 * heap grows by cannot be told from the rest.
 */
public final class Soak {
  private static final int CLIENTS = 3;
  private static final int WINDOW = 128;
  private static final int MAX_HOPS = 8;
  private static final int QUERIES = 4096;
  private static final int BATCH = 256;
  private static final int TRAJECTORY_ROWS = 32;
  private static final int TRAJECTORY_ITERATIONS = 24;
  private static final int REPORTS = 30;

  private final Path folder;
  private final Duration duration;
  private final long margin = Long.getLong("margin", 32);
  private final List<Query> queries;
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong loads = new AtomicLong();
  private volatile boolean over;

  private Soak(Path folder, Duration duration, long seed) {
    this.folder = folder;
    this.duration = duration;
    queries = ServedModel.queries(QUERIES, MAX_HOPS, Seed.of(seed).child("soak"));
  }

  /**
   * Runs the test; ends with status 1 if memory grows.
   *
   * @throws IOException if the model cannot be read or written
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long seed = Arguments.of(arguments).seed();
    Path folder = ServedModel.export(seed, 1, ServedModel.checkpoint(seed).model().layers());
    Duration duration =
        Duration.ofMillis(
            (long) (60_000 * Double.parseDouble(System.getProperty("minutes", "10"))));
    if (!new Soak(folder, duration, seed).run()) {
      System.exit(1);
    }
  }

  private boolean run() throws IOException, InterruptedException {
    if (ResidentMemory.mebibytes().isEmpty()) {
      print("This system does not tell the memory of a process; answers are only counted.");
    }
    List<Thread> threads = new ArrayList<>();
    boolean flat;
    try (ContinuousBatcher batcher =
            ContinuousBatcher.load(
                folder,
                BatchingOptions.builder().maxRows(WINDOW).build(),
                ExecutionOptions.builder().build());
        OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        threads.add(new Thread(() -> submit(batcher, number), "client-" + client));
      }
      threads.add(new Thread(() -> answerBatches(reasoner), "batches"));
      threads.add(new Thread(this::loadAgain, "loads"));
      threads.forEach(Thread::start);
      flat = watch();
      over = true;
      for (Thread thread : threads) {
        thread.join();
      }
    }
    return flat;
  }

  /** Prints the memory from time to time; returns whether it stayed. */
  private boolean watch() throws IOException {
    long begin = System.nanoTime();
    long steady = 0;
    long greatest = 0;
    for (int report = 1; report <= REPORTS; report++) {
      long next = begin + duration.toNanos() / REPORTS * report;
      Uninterruptibles.sleepUninterruptibly(Duration.ofNanos(next - System.nanoTime()));
      OptionalLong memory = ResidentMemory.mebibytes();
      print(
          "%5d s  %,11d answers  %,7d cancelled or late  %,5d loads  %s",
          Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
          answers.get(),
          unanswered.get(),
          loads.get(),
          memory.isPresent() ? memory.getAsLong() + " MiB" : "");
      if (report <= REPORTS / 10) {
        steady = Math.max(steady, memory.orElse(0));
      } else {
        greatest = Math.max(greatest, memory.orElse(0));
      }
    }
    long growth = greatest - steady;
    print(
        "After the first tenth of the time the memory grew by %d MiB; up to %d MiB are allowed.",
        Math.max(0, growth), margin);
    return growth <= margin;
  }

  /** Keeps some queries on their way, cancels a few, and gives others too little time. */
  private void submit(ContinuousBatcher batcher, int client) {
    int next = client * QUERIES / CLIENTS;
    try {
      while (!over) {
        List<CompletableFuture<Answer>> submitted = new ArrayList<>();
        for (int index = 0; index < WINDOW; index++) {
          Query query = queries.get(next++ % QUERIES);
          submitted.add(
              index == 0
                  ? batcher.submit(
                      query, ServedModel.HALTING, Deadline.failingAfter(Duration.ofNanos(1)))
                  : batcher.submit(query, ServedModel.HALTING));
        }
        submitted.get(1).cancel(false);
        for (CompletableFuture<Answer> answer : submitted) {
          answer
              .handle((found, problem) -> (found == null ? unanswered : answers).incrementAndGet())
              .join();
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nothing interrupts it", e);
    }
  }

  private void answerBatches(OnnxReasoner reasoner) {
    int next = 0;
    while (!over) {
      List<Query> batch = queries.subList(next, next + BATCH);
      answers.addAndGet(reasoner.answer(batch, ServedModel.HALTING).size());
      reasoner.trajectory(
          QueryBatch.of(reasoner.vocabulary(), batch.subList(0, TRAJECTORY_ROWS)),
          TRAJECTORY_ITERATIONS);
      next = (next + BATCH) % QUERIES;
    }
  }

  private void loadAgain() {
    while (!over) {
      try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
        answers.addAndGet(reasoner.answer(queries.subList(0, 1), ServedModel.HALTING).size());
      } catch (IOException e) {
        throw new AssertionError("the folder was there before", e);
      }
      loads.incrementAndGet();
      Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(500));
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
