package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableSortedMap;
import java.time.Duration;

/**
 * What a {@link ContinuousBatcher} has done since it was made. Immutable and thread-safe.
 *
 * @param waiting the number of queries that wait now
 * @param running the number of queries in all batches now
 * @param steps the number of iterations of all batches
 * @param meanRows the mean number of rows of an iteration of one batch
 * @param answered the number of queries that were answered, by the iterations they had
 * @param abandoned the number of queries that were cancelled, or whose time was up without an
 *     answer
 * @param failed the number of queries that failed
 * @param refused the number of queries that found the queue full, and did not wait
 * @param meanWait the mean time from a query's submission to its first iteration
 * @param longestWait the longest such time
 * @param elapsed the time since this batcher was made
 */
public record BatchingStatistics(
    int waiting,
    int running,
    long steps,
    double meanRows,
    ImmutableSortedMap<Integer, Long> answered,
    long abandoned,
    long failed,
    long refused,
    Duration meanWait,
    Duration longestWait,
    Duration elapsed) {
  /** Returns the number of queries that were answered. */
  public long answers() {
    return answered.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the mean number of iterations of the queries that were answered; 0 if none was. */
  public double meanIterations() {
    long iterations = 0;
    for (var count : answered.entrySet()) {
      iterations += count.getKey() * count.getValue();
    }
    return answers() == 0 ? 0 : (double) iterations / answers();
  }

  /**
   * Returns the answers per second between an earlier snapshot and this one.
   *
   * @throws IllegalArgumentException if the other is not earlier
   */
  public double answersPerSecondSince(BatchingStatistics earlier) {
    Duration between = elapsed.minus(earlier.elapsed);
    if (between.isNegative() || between.isZero()) {
      throw new IllegalArgumentException(
          "a snapshot at " + earlier.elapsed + " is not earlier than one at " + elapsed);
    }
    return (answers() - earlier.answers()) / (between.toNanos() / 1e9);
  }
}
