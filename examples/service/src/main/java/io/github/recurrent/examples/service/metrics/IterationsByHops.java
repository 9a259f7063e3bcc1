package io.github.recurrent.examples.service.metrics;

import com.google.common.collect.ImmutableList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Counts how many iterations answers took, by the hops of their queries. Thread-safe. */
public final class IterationsByHops {
  private static final int MOST_HOPS = 20;

  private final ImmutableList<Count> counts =
      IntStream.rangeClosed(0, MOST_HOPS)
          .mapToObj(hops -> new Count(new LongAdder(), new LongAdder()))
          .collect(ImmutableList.toImmutableList());

  private record Count(LongAdder answers, LongAdder iterations) {}

  /**
   * The answers to queries of some number of hops.
   *
   * @param hops the number, or what says that there are more than are counted one by one
   */
  public record Row(String hops, long answers, double meanIterations) {}

  /** Counts an answer. */
  void add(int hops, int iterations) {
    Count count = counts.get(Math.min(hops - 1, MOST_HOPS));
    count.answers().increment();
    count.iterations().add(iterations);
  }

  /** Returns the counts of hops of which there were answers, the fewest hops first. */
  public ImmutableList<Row> rows() {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (int index = 0; index < counts.size(); index++) {
      long answers = counts.get(index).answers().sum();
      if (answers > 0) {
        rows.add(
            new Row(
                index < MOST_HOPS ? Integer.toString(index + 1) : "more than " + MOST_HOPS,
                answers,
                (double) counts.get(index).iterations().sum() / answers));
      }
    }
    return rows.build();
  }
}
