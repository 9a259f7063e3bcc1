package io.github.recurrent.examples.service.metrics;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Counts iterations by the sizes of their batches, rounded up to powers of two. Thread-safe. */
final class BatchSizes {
  /** No batch is above 2³⁰. */
  private static final int POWERS = 31;

  private final ImmutableList<ElapsedCounter> counters =
      Stream.generate(ElapsedCounter::new).limit(POWERS).collect(toImmutableList());

  void add(int rows, long time) {
    counters.get(Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1)).add(time);
  }

  /** Returns the sizes that there were. */
  ImmutableList<InferenceStatistics.Batch> sum() {
    return IntStream.range(0, POWERS)
        .mapToObj(power -> new InferenceStatistics.Batch(1L << power, counters.get(power).sum()))
        .filter(batch -> batch.infer().count() > 0)
        .collect(toImmutableList());
  }
}
