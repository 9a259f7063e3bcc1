package io.github.recurrent.examples.benchmarks;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Queries of 1 to 20 hops that arrive one by one, answered adaptively: continuous batching, in
 * which every row is at an iteration of its own, beside dynamic batching of whole requests, in
 * which a batch is answered before the next begins: in one call of {@code model.onnx}, as a server
 * does that knows nothing of this library, on all cores or with a worker for every core; or in this
 * library's runs of queries of like length. Halted rows cost nothing more in any of them. Run it on
 * an idle machine.
 *
 * <p>First all answer as fast as they can. Then queries arrive at random times, at shares of what
 * dynamic batching can bear; and for each share the greatest rate is looked for at which continuous
 * batching has a 99th percentile as low as dynamic batching has there. Of several runs of a load,
 * both in turns, that of the median percentile counts, as a virtual machine may stand still for
 * milliseconds.
 *
 * <p>Usage: {@code ServingBenchmark [seed]}. Options are {@code -Dcopies=12}, which makes the
 * {@linkplain ServedModel model} wider, {@code -Dlayers=4} deeper, {@code -Drows=64}, the greatest
 * batch, {@code -Dlanes=2}, those of continuous batching if not its default, {@code -Dseconds=4},
 * how long a load lasts, {@code -Druns=3}, how often each load is run, and {@code
 * -Dagainst=calls,workers,library}, what to compare with.
 */
public final class ServingBenchmark {
  private static final int MAX_HOPS = 20;
  private static final int FEWEST_QUERIES = 400;
  private static final ImmutableList<Double> SHARES = ImmutableList.of(0.3, 0.6, 0.85);
  private static final int HALVINGS = 4;

  private final int rows = Integer.getInteger("rows", 64);
  private final OptionalInt lanes =
      Optional.ofNullable(Integer.getInteger("lanes"))
          .map(OptionalInt::of)
          .orElseGet(OptionalInt::empty);
  private final int seconds = Integer.getInteger("seconds", 4);
  private final int runs = Integer.getInteger("runs", 3);
  private final List<String> against =
      Splitter.on(',').splitToList(System.getProperty("against", "calls,workers,library"));
  private final Ceiling ceiling = Ceiling.measure();
  private final Seed seed;
  private final Path folder;
  private final RecurrentDepthTransformer model;
  private final ConsoleTable loads =
      new ConsoleTable(
          ImmutableList.of(
              "arrivals/s",
              "batching",
              "answers/s",
              "median ms",
              "p99 ms",
              "GFLOP/s",
              "of ceiling"));
  private final ConsoleTable equalPercentiles =
      new ConsoleTable(
          ImmutableList.of(
              "batching",
              "arrivals/s",
              "p99 ms",
              "continuous, arrivals/s",
              "times",
              "p99 at equal load"));

  private ServingBenchmark(long seed) throws IOException {
    this.seed = Seed.of(seed).child("serving");
    folder = ServedModel.export(seed);
    try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
      model = reasoner.model();
    }
  }

  /**
   * Runs the benchmark.
   *
   * @throws IOException if the model cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    new ServingBenchmark(Arguments.of(arguments).seed()).run();
  }

  private void run() throws IOException {
    try (QueryServer continuous =
        QueryServer.continuous(folder, ServedModel.HALTING, rows, lanes)) {
      if (against.contains("calls")) {
        try (QueryServer calls = RequestBatching.calls(folder, ServedModel.HALTING, rows, 1)) {
          compare("one call a batch", calls, continuous);
        }
      }
      if (against.contains("workers")) {
        try (QueryServer workers =
            RequestBatching.calls(folder, ServedModel.HALTING, rows, AllCores.THREADS)) {
          compare("a worker a core", workers, continuous);
        }
      }
      if (against.contains("library")) {
        try (QueryServer library = RequestBatching.library(folder, ServedModel.HALTING, rows)) {
          compare("library's batches", library, continuous);
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "%s; at most %d rows%n%n%s%n%s", ceiling, rows, loads, equalPercentiles);
  }

  private void compare(String batching, QueryServer requests, QueryServer continuous) {
    double most = saturate(batching, requests);
    double mostContinuous = saturate("continuous", continuous);
    for (double share : SHARES) {
      double rate = share * most;
      System.out.printf(
          Locale.ROOT, "Measuring %s beside continuous at %.0f arrivals/s%n", batching, rate);
      List<PoissonLoad.Result> others = new ArrayList<>();
      List<PoissonLoad.Result> owns = new ArrayList<>();
      for (int turn = 0; turn < runs; turn++) {
        others.add(run(requests, rate));
        owns.add(run(continuous, rate));
      }
      PoissonLoad.Result other = middle(others);
      PoissonLoad.Result own = middle(owns);
      add(decimal(rate, 0), batching, other);
      add(decimal(rate, 0), "continuous", own);
      double equal =
          own.p99() <= other.p99()
              ? greatestRate(continuous, other.p99(), rate, 1.05 * mostContinuous)
              : greatestRate(continuous, other.p99(), 0, rate);
      equalPercentiles.add(
          ImmutableList.of(
              batching,
              decimal(rate, 0),
              decimal(other.p99(), 1),
              decimal(equal, 0),
              decimal(equal / rate, 2),
              decimal(own.p99() / other.p99(), 2)));
    }
  }

  /** Returns the answers a second when no query is waited for. */
  private double saturate(String batching, QueryServer server) {
    System.out.println("Measuring the most answers a second, " + batching);
    double guess = run(server, FEWEST_QUERIES, Double.POSITIVE_INFINITY).perSecond();
    double warm = run(server, queries(guess), Double.POSITIVE_INFINITY).perSecond();
    PoissonLoad.Result result = run(server, queries(warm), Double.POSITIVE_INFINITY);
    add("at once", batching, result);
    return result.perSecond();
  }

  private static PoissonLoad.Result middle(List<PoissonLoad.Result> results) {
    return results.stream()
        .sorted(Comparator.comparingDouble(PoissonLoad.Result::p99))
        .toList()
        .get(results.size() / 2);
  }

  /** Returns a rate at which the percentile is kept, by halving what is between two rates. */
  private double greatestRate(QueryServer server, double p99, double kept, double missed) {
    double low = kept;
    double high = missed;
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (low + high) / 2;
      if (keeps(server, p99, middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Returns whether the percentile is kept at a rate, in most of several runs. */
  private boolean keeps(QueryServer server, double p99, double rate) {
    int kept = 0;
    int missed = 0;
    while (kept <= runs / 2 && missed <= runs / 2) {
      if (run(server, rate).p99() <= p99) {
        kept++;
      } else {
        missed++;
      }
    }
    return kept > missed;
  }

  private PoissonLoad.Result run(QueryServer server, double perSecond) {
    return run(server, queries(perSecond), perSecond);
  }

  private int queries(double perSecond) {
    return Math.max(FEWEST_QUERIES, (int) (seconds * perSecond));
  }

  private PoissonLoad.Result run(QueryServer server, int count, double perSecond) {
    return PoissonLoad.run(server, ServedModel.queries(count, MAX_HOPS, seed), perSecond, seed);
  }

  private void add(String arrivals, String batching, PoissonLoad.Result result) {
    double rate = PaperSizeModel.operations(model, result.tokensPerSecond()) / 1e9;
    loads.add(
        ImmutableList.of(
            arrivals,
            batching,
            decimal(result.perSecond(), 0),
            decimal(result.median(), 1),
            decimal(result.p99(), 1),
            decimal(rate, 1),
            ceiling.share(rate)));
  }

  private static String decimal(double value, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
