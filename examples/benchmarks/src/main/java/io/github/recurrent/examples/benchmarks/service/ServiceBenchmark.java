package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What HTTP costs: the service beside the batcher within this process, both with so many requests
 * under way that they have no rest, and beside {@link PlainService}, for every number of
 * connections. Queries have 1 to 20 hops. The load comes from wrk, which must be installed. Run it
 * on an idle machine.
 *
 * <p>Usage: {@code service.ServiceBenchmark}. Options are {@code -Dmodel}, the folder of an
 * exported model other than the quickstart's, {@code -Dseconds=10}, how long a load lasts, {@code
 * -Druns=3}, how often each is run, in turns, and {@code -DwarmUp=60}, the seconds in which the
 * service's code is compiled first.
 */
public final class ServiceBenchmark {
  private static final int QUERIES = 4096;
  private static final int ROWS = 8;
  private static final ImmutableList<Integer> CONNECTIONS =
      ImmutableList.of(1, 2, 4, 8, 16, 32, 64, 128);

  private final Path model = QuickstartModel.folder();
  private final int seconds = Integer.getInteger("seconds", 10);
  private final int runs = Integer.getInteger("runs", 3);
  private final int warmUp = Integer.getInteger("warmUp", 60);
  private final ConsoleTable table =
      new ConsoleTable(
          ImmutableList.of(
              "what", "under way", "queries/s", "median ms", "p99 ms", "p99.9 ms", "refused"));

  private ServiceBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new ServiceBenchmark().run();
  }

  private void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("service-benchmark");
    try (ContinuousBatcher batcher =
            ContinuousBatcher.load(
                model,
                BatchingOptions.builder().maxWaiting(Integer.MAX_VALUE).build(),
                ExecutionOptions.builder().build());
        ServerProcess service = ServerProcess.service(model);
        ServerProcess plain =
            ServerProcess.start(PlainService.class.getName(), List.of(model.toString()))) {
      Vocabulary vocabulary = batcher.vocabulary();
      List<Query> queries = Requests.queries(vocabulary, QUERIES, Seed.of(1));
      Wrk texts = Wrk.of(folder, Requests.texts(queries));
      Wrk ids = Wrk.of(folder, Requests.ids(vocabulary, queries, ROWS));
      String uri = service.uri() + Requests.INFER;
      compare("texts", new BatcherLoad(batcher, queries, 1), texts, uri, 128, 1);
      compare("8 rows of ids", new BatcherLoad(batcher, queries, ROWS), ids, uri, 32, ROWS);
      equalPercentiles(texts, uri, plain.uri() + Requests.INFER);
    }
  }

  private void compare(
      String name, BatcherLoad inProcess, Wrk overHttp, String uri, int underWay, int rows)
      throws IOException, InterruptedException {
    LoadResult unused = inProcess.run(underWay, warmUp / 2);
    unused = overHttp.run(uri, underWay, warmUp);
    double[] shares = new double[runs];
    for (int run = 0; run < runs; run++) {
      LoadResult own = inProcess.run(underWay, seconds);
      LoadResult served = overHttp.run(uri, underWay, seconds);
      add(own.cells(name + ", in process", underWay, rows));
      add(served.cells(name + ", over HTTP", underWay, rows));
      shares[run] = 1 - served.perSecond() / own.perSecond();
    }
    Arrays.sort(shares);
    print("%s: HTTP loses %.0f%% (median of %d pairs)", name, 100 * shares[runs / 2], runs);
  }

  /** Looks for the greatest rate of the service whose percentile is that of the plain server. */
  private void equalPercentiles(Wrk texts, String service, String plain)
      throws IOException, InterruptedException {
    Map<Integer, LoadResult> ours = new LinkedHashMap<>();
    ImmutableMap.Builder<Integer, LoadResult> theirs = ImmutableMap.builder();
    LoadResult unused = texts.run(plain, 8, warmUp / 2);
    for (int connections : CONNECTIONS) {
      LoadResult other = texts.run(plain, connections, seconds);
      LoadResult own = texts.run(service, connections, seconds);
      theirs.put(connections, other);
      ours.put(connections, own);
      add(other.cells("a call a request", connections, 1));
      add(own.cells("the service", connections, 1));
    }
    theirs
        .buildOrThrow()
        .forEach(
            (connections, other) ->
                print(
                    "%d connections of a call a request: the service has %.2f times the rate at"
                        + " this p99, %.1f ms",
                    connections,
                    ours.values().stream()
                            .filter(own -> own.p99() <= other.p99())
                            .max(Comparator.comparingDouble(LoadResult::perSecond))
                            .map(LoadResult::perSecond)
                            .orElse(0.0)
                        / other.perSecond(),
                    other.p99()));
    System.out.println(table);
  }

  private void add(ImmutableList<String> cells) {
    table.add(cells);
    System.out.println(String.join("  ", cells));
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
