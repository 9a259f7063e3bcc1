package io.github.recurrent.examples.programs;

import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.Deadline;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Serving: several threads send single queries, which one batcher answers together. Each query
 * joins the batch at the next iteration and leaves when it halts.
 *
 * <p>Usage: {@code ManyQueries [exported folder]}; without it, the model of {@link
 * PublishedCheckpoint}.
 */
public final class ManyQueries {
  private static final int CLIENTS = 4;
  private static final int QUERIES = 250;

  private ManyQueries() {}

  /** Answers 1,000 queries of four clients. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Path folder;
    if (arguments.length > 0) {
      folder = Path.of(arguments[0]);
    } else {
      folder = Files.createTempDirectory("recurrent-serving").resolve("onnx");
      OnnxExporter.export(PublishedCheckpoint.fixture(), folder);
    }
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (ContinuousBatcher batcher = ContinuousBatcher.load(folder)) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        running.add(clients.submit(() -> send(batcher, number)));
      }
      for (Future<?> client : running) {
        client.get();
      }
      System.out.printf(
          Locale.ROOT,
          "%d queries answered, after %.1f iterations on average%n",
          batcher.statistics().answers(),
          batcher.statistics().meanIterations());
    } finally {
      clients.shutdown();
    }
  }

  private static Void send(ContinuousBatcher batcher, int client) throws InterruptedException {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int index = 0; index < QUERIES; index++) {
      Query query = Query.of("<e_" + index % 10 + ">", "<r_" + client + ">", "<r_1>");
      // A query that is not done by then answers with what it has.
      answers.add(
          batcher.submit(
              query,
              Halting.klAndEntropy(0.01, 3).atMost(40),
              Deadline.answeringAfter(Duration.ofSeconds(1))));
    }
    answers.forEach(CompletableFuture::join);
    return null;
  }
}
