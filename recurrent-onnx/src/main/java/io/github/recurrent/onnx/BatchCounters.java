package io.github.recurrent.onnx;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a batcher does. Thread-safe. */
final class BatchCounters {
  private final long begin = System.nanoTime();

  @GuardedBy("this")
  private final Map<Integer, Long> answered = new TreeMap<>();

  @GuardedBy("this")
  private long steps;

  @GuardedBy("this")
  private long rowSteps;

  @GuardedBy("this")
  private long admitted;

  @GuardedBy("this")
  private long totalWait;

  @GuardedBy("this")
  private long longestWait;

  @GuardedBy("this")
  private long cancelled;

  @GuardedBy("this")
  private long expired;

  @GuardedBy("this")
  private long failed;

  @GuardedBy("this")
  private long refused;

  /** Counts queries that enter a lane. */
  synchronized void admit(Iterable<BatchedQuery> queries) {
    for (BatchedQuery query : queries) {
      long waited = query.waited().toNanos();
      admitted++;
      totalWait += waited;
      longestWait = Math.max(longestWait, waited);
    }
  }

  /** Counts an iteration of a lane. */
  synchronized void step(int rows) {
    steps++;
    rowSteps += rows;
  }

  synchronized void answer(int iterations) {
    answered.merge(iterations, 1L, Long::sum);
  }

  synchronized void cancel() {
    cancelled++;
  }

  synchronized void expire() {
    expired++;
  }

  synchronized void fail() {
    failed++;
  }

  synchronized void refuse(int queries) {
    refused += queries;
  }

  synchronized ContinuousBatcher.Statistics snapshot(int waiting, int running) {
    return new ContinuousBatcher.Statistics(
        waiting,
        running,
        steps,
        steps == 0 ? 0 : (double) rowSteps / steps,
        ImmutableSortedMap.copyOf(answered),
        cancelled,
        expired,
        failed,
        refused,
        Duration.ofNanos(admitted == 0 ? 0 : totalWait / admitted),
        Duration.ofNanos(longestWait),
        Duration.ofNanos(System.nanoTime() - begin));
  }
}
