package io.github.recurrent.examples.service.metrics;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.onnx.ContinuousBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what a version of a model does. Its batcher tells it of iterations and queries, and
 * whoever answers requests tells it of these. Thread-safe.
 */
public final class ModelMeasures implements ContinuousBatcher.Listener {
  /** How a query ended: by the batcher, or at its door. */
  static final String REFUSED = "refused";

  private final String name;
  private final String version;
  private final Histograms histograms;
  private final AtomicLong lastInference = new AtomicLong();
  private final ElapsedCounter success = new ElapsedCounter();
  private final ElapsedBy<Failure> failures = new ElapsedBy<>(Failure.class);
  private final ElapsedCounter queue = new ElapsedCounter();
  private final ElapsedCounter input = new ElapsedCounter();
  private final ElapsedCounter infer = new ElapsedCounter();
  private final ElapsedCounter output = new ElapsedCounter();
  private final BatchSizes batches = new BatchSizes();
  private final LongAdder tokens = new LongAdder();
  private final ElapsedBy<Outcome> queries = new ElapsedBy<>(Outcome.class);
  private final LongAdder refused = new LongAdder();
  private final IterationsByHops iterationsByHops = new IterationsByHops();

  /** Two while changed files take the place of those that serve. */
  private final List<ContinuousBatcher> batchers = new CopyOnWriteArrayList<>();

  ModelMeasures(String name, String version, Histograms histograms) {
    this.name = name;
    this.version = version;
    this.histograms = histograms;
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  void add(ContinuousBatcher batcher) {
    batchers.add(batcher);
  }

  /** Returns whether there is another. */
  boolean remove(ContinuousBatcher batcher) {
    batchers.remove(batcher);
    return !batchers.isEmpty();
  }

  int openBatchers() {
    return batchers.size();
  }

  @Override
  public void stepped(int rows, int tokens, Duration time) {
    infer.add(time.toNanos());
    batches.add(rows, time.toNanos());
    this.tokens.add(tokens);
    histograms.batch(this, rows);
  }

  @Override
  public void ended(End end) {
    queries.of(end.outcome()).add(end.ran().toNanos());
    queue.add(end.waited().toNanos());
    histograms.wait(this, end.waited());
    if (end.outcome() == Outcome.ANSWERED || end.outcome() == Outcome.ANSWERED_SO_FAR) {
      lastInference.set(System.currentTimeMillis());
      histograms.iterations(this, end.hops(), end.iterations());
      iterationsByHops.add(end.hops(), end.iterations());
    }
  }

  /** Returns how many iterations answers took. */
  public IterationsByHops iterationsByHops() {
    return iterationsByHops;
  }

  /** Counts queries that were refused, since the queue had no room for them. */
  public void refused(int count) {
    refused.add(count);
  }

  /** Counts a request that was answered. Times are in nanoseconds. */
  public void succeeded(long whole, long reading, long writing) {
    histograms.request(this, whole);
    input.add(reading);
    output.add(writing);
    success.add(whole);
  }

  /** Counts a request that was not answered. */
  public void failed(Failure failure, long nanoseconds) {
    histograms.request(this, nanoseconds);
    failures.of(failure).add(nanoseconds);
  }

  long failures(Failure failure) {
    return failures.of(failure).sum().count();
  }

  long tokens() {
    return tokens.sum();
  }

  /** Returns the number of queries by how they ended. */
  ImmutableMap<String, Long> queries() {
    ImmutableMap.Builder<String, Long> counts = ImmutableMap.builder();
    for (Outcome outcome : Outcome.values()) {
      counts.put(Ascii.toLowerCase(outcome.name()), count(outcome));
    }
    return counts.put(REFUSED, refused.sum()).buildOrThrow();
  }

  private long count(Outcome outcome) {
    return queries.of(outcome).sum().count();
  }

  /** Returns the number of queries that wait. */
  long waiting() {
    return batchers.stream().mapToLong(batcher -> batcher.statistics().waiting()).sum();
  }

  InferenceStatistics statistics() {
    return new InferenceStatistics(
        name,
        version,
        lastInference.get(),
        count(Outcome.ANSWERED) + count(Outcome.ANSWERED_SO_FAR),
        success.sum(),
        failures.sum(),
        queue.sum(),
        input.sum(),
        infer.sum(),
        output.sum(),
        batches.sum());
  }
}
