package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** What came of requests. Thread-safe. */
final class Outcome {
  private final Map<String, Long> counts = new TreeMap<>();
  private final DoubleStream.Builder milliseconds = DoubleStream.builder();

  synchronized void add(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  synchronized void answered(double time) {
    milliseconds.add(time);
  }

  synchronized LoadResult result(double seconds) {
    return LoadResult.of(milliseconds.build().toArray(), seconds, counts.getOrDefault("429", 0L));
  }

  /** Returns whether there is nothing else than some outcomes. */
  synchronized boolean isOnly(String... allowed) {
    return ImmutableSet.copyOf(allowed).containsAll(counts.keySet());
  }

  @Override
  public synchronized String toString() {
    return counts.toString();
  }
}
