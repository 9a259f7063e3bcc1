package io.github.recurrent.examples.service.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often something happens, and how long it takes. Thread-safe. */
final class ElapsedCounter {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanoseconds = new LongAdder();

  void add(long time) {
    count.increment();
    nanoseconds.add(Math.max(0, time));
  }

  Elapsed sum() {
    return new Elapsed(count.sum(), nanoseconds.sum());
  }
}
