package io.github.recurrent.examples.benchmarks;

import com.google.common.math.Quantiles;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.graph.Query;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Queries that arrive at random times of some mean rate, whether or not those before are answered
 * (an open loop): a server that falls behind is not spared.
 */
final class PoissonLoad {
  private PoissonLoad() {}

  /**
   * What a load did to a server.
   *
   * @param perSecond answers a second, from the first arrival to the last answer
   * @param tokensPerSecond those that pass the stack a second, read pads included: every query's
   *     tokens as often as it has iterations
   * @param median of the milliseconds from a query's arrival to its answer
   * @param p99 the 99th percentile of them
   */
  record Result(double perSecond, double tokensPerSecond, double median, double p99) {}

  /**
   * Submits queries.
   *
   * @param perSecond the mean rate; infinite for all at once
   */
  static Result run(QueryServer server, List<Query> queries, double perSecond, Seed seed) {
    UniformRandomProvider random =
        RandomSource.XO_SHI_RO_256_PP.create(seed.child("arrivals").value());
    double[] milliseconds = new double[queries.size()];
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    long begin = System.nanoTime();
    double due = 0;
    for (int index = 0; index < queries.size(); index++) {
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
    long tokens = 0;
    for (int index = 0; index < queries.size(); index++) {
      tokens += (queries.get(index).hops() + 2L) * answers.get(index).join().iterations();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Result(
        queries.size() / seconds,
        tokens / seconds,
        Quantiles.median().compute(milliseconds),
        Quantiles.percentiles().index(99).compute(milliseconds));
  }
}
