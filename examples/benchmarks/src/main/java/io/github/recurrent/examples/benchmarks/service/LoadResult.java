package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a load found.
 *
 * @param perSecond the requests that were answered a second
 * @param median the milliseconds of a request
 * @param p99 the 99th percentile of them
 * @param p999 that of one in a thousand
 * @param refused the requests that got another status than 200
 */
record LoadResult(double perSecond, double median, double p99, double p999, long refused) {
  /** Returns the result of requests that were all answered, in the milliseconds of each. */
  static LoadResult of(double[] milliseconds, double seconds, long refused) {
    if (milliseconds.length == 0) {
      return new LoadResult(0, Double.NaN, Double.NaN, Double.NaN, refused);
    }
    return new LoadResult(
        milliseconds.length / seconds,
        Quantiles.median().compute(milliseconds),
        Quantiles.percentiles().index(99).compute(milliseconds),
        Quantiles.scale(1000).index(999).compute(milliseconds),
        refused);
  }

  /** Returns cells of a table, for requests of so many queries. */
  ImmutableList<String> cells(String name, int connections, int queries) {
    return Stream.of(
            name,
            Integer.toString(connections),
            decimal(perSecond * queries, 0),
            decimal(median, 1),
            decimal(p99, 1),
            decimal(p999, 1),
            Long.toString(refused))
        .collect(ImmutableList.toImmutableList());
  }

  private static String decimal(double value, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }
}
