package io.github.recurrent.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Queries of 1 to 20 hops that arrive one by one, answered adaptively: continuous batching, in
 * which every row is at an iteration of its own, beside dynamic batching of whole requests, in
 * which a batch is answered before the next begins. Run it on an idle machine.
 *
 * <p>First both answer as fast as they can; then queries arrive at random times, at shares of what
 * dynamic batching can bear.
 *
 * <p>Usage: {@code ServingBenchmark folder}, that of an exported model such as the quickstart's.
 */
public final class ServingBenchmark {
  private static final int QUERIES = 4000;
  private static final int WARM_UP = 1000;
  private static final int MAX_HOPS = 20;
  private static final int MAX_ROWS = 64;
  private static final Halting HALTING = Halting.klAndEntropy(0.01, 1.57).atMost(40);

  private ServingBenchmark() {}

  /** Something that answers queries one by one. */
  private interface Server extends AutoCloseable {
    CompletableFuture<Answer> submit(Query query);

    @Override
    void close();
  }

  /** What a load did to a server. */
  private record Result(double perSecond, double median, double p99, double meanIterations) {}

  /**
   * Runs the benchmark.
   *
   * @throws IOException if there is no exported model in the folder
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("usage: ServingBenchmark FOLDER_OF_AN_EXPORTED_MODEL");
    }
    Path folder = Path.of(arguments[0]);
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "arrivals/s", "batching", "answers/s", "median ms", "p99 ms", "mean iterations"));
    double most;
    try (Server requests = requests(folder)) {
      run(requests, WARM_UP, Double.POSITIVE_INFINITY);
      Result result = run(requests, QUERIES, Double.POSITIVE_INFINITY);
      most = result.perSecond();
      table.add(row("at once", "requests", result));
      for (double share : new double[] {0.5, 0.8, 0.95}) {
        table.add(row(rate(share * most), "requests", run(requests, QUERIES, share * most)));
      }
    }
    try (Server continuous = continuous(folder)) {
      run(continuous, WARM_UP, Double.POSITIVE_INFINITY);
      table.add(row("at once", "continuous", run(continuous, QUERIES, Double.POSITIVE_INFINITY)));
      for (double share : new double[] {0.5, 0.8, 0.95, 1.5}) {
        table.add(row(rate(share * most), "continuous", run(continuous, QUERIES, share * most)));
      }
    }
    System.out.print(table);
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.0f", perSecond);
  }

  private static ImmutableList<String> row(String arrivals, String batching, Result result) {
    return ImmutableList.of(
        arrivals,
        batching,
        rate(result.perSecond()),
        String.format(Locale.ROOT, "%.1f", result.median()),
        String.format(Locale.ROOT, "%.1f", result.p99()),
        String.format(Locale.ROOT, "%.1f", result.meanIterations()));
  }

  /** Submits queries, at random times of some mean rate or all at once. */
  private static Result run(Server server, int count, double perSecond) {
    UniformRandomProvider random = Seed.of(42).child("arrivals").random();
    List<Query> queries = queries(count);
    double[] milliseconds = new double[count];
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    long begin = System.nanoTime();
    double due = 0;
    for (int index = 0; index < count; index++) {
      int number = index;
      due += -Math.log1p(-random.nextDouble()) / perSecond;
      long arrival = begin + (long) (due * 1e9);
      long early = arrival - System.nanoTime();
      if (early > 0) {
        Uninterruptibles.sleepUninterruptibly(early, TimeUnit.NANOSECONDS);
      }
      answers.add(
          server
              .submit(queries.get(index))
              .whenComplete(
                  (answer, problem) -> milliseconds[number] = (System.nanoTime() - arrival) / 1e6));
    }
    double iterations =
        answers.stream().mapToInt(answer -> answer.join().iterations()).average().orElseThrow();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Result(
        count / seconds,
        Quantiles.median().compute(milliseconds),
        Quantiles.percentiles().index(99).compute(milliseconds),
        iterations);
  }

  private static List<Query> queries(int count) {
    UniformRandomProvider random = Seed.of(42).child("queries").random();
    List<Query> queries = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      queries.add(
          Query.of(
              "<e_" + random.nextInt(16) + ">",
              random
                  .ints(1 + random.nextInt(MAX_HOPS), 0, 8)
                  .mapToObj(relation -> "<r_" + relation + ">")
                  .toArray(String[]::new)));
    }
    return queries;
  }

  private static Server continuous(Path folder) throws IOException {
    ContinuousBatcher batcher =
        ContinuousBatcher.load(
            folder,
            BatchingOptions.builder().maxRows(MAX_ROWS).maxWaiting(QUERIES).build(),
            ExecutionOptions.builder().build());
    return new Server() {
      @Override
      public CompletableFuture<Answer> submit(Query query) {
        return batcher.offer(query, HALTING).orElseThrow();
      }

      @Override
      public void close() {
        batcher.close();
      }
    };
  }

  private record Request(Query query, CompletableFuture<Answer> answer) {}

  /** Takes all requests that wait, up to a batch, and answers them before it takes more. */
  private static Server requests(Path folder) throws IOException {
    OnnxReasoner reasoner = OnnxReasoner.load(folder);
    BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
    Request end = new Request(Query.of("<e_0>", "<r_0>"), new CompletableFuture<>());
    Thread worker =
        new Thread(
            () -> {
              while (true) {
                List<Request> requests = new ArrayList<>();
                requests.add(Uninterruptibles.takeUninterruptibly(waiting));
                waiting.drainTo(requests, MAX_ROWS - 1);
                boolean ends = requests.remove(end);
                if (!requests.isEmpty()) {
                  List<Answer> answers =
                      reasoner.answer(requests.stream().map(Request::query).toList(), HALTING);
                  for (int index = 0; index < answers.size(); index++) {
                    requests.get(index).answer().complete(answers.get(index));
                  }
                }
                if (ends) {
                  return;
                }
              }
            });
    worker.start();
    return new Server() {
      @Override
      public CompletableFuture<Answer> submit(Query query) {
        Request request = new Request(query, new CompletableFuture<>());
        waiting.add(request);
        return request.answer();
      }

      @Override
      public void close() {
        waiting.add(end);
        Uninterruptibles.joinUninterruptibly(worker);
        reasoner.close();
      }
    };
  }
}
