package io.github.recurrent.dataset;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The memory that the right answers of a dataset may take, so that a dense graph, in which long
 * chains end at thousands of entities, is refused before the heap is used up. Thread-safe.
 */
final class AnswerMemory {
  /** The share of the heap; while answers are collected, they take up to three times as much. */
  private static final int SHARE = 4;

  private final long limit;
  private final long heap;
  private final AtomicLong taken = new AtomicLong();
  private final LongAdder queries = new LongAdder();
  private final LongAdder answers = new LongAdder();

  /** What was told first; empty if nothing was. */
  private String message = "";

  /**
   * @param heap the number of bytes of the heap
   */
  AnswerMemory(long heap) {
    this.heap = heap;
    limit = heap / SHARE;
  }

  static AnswerMemory ofThisProgram() {
    return new AnswerMemory(Runtime.getRuntime().maxMemory());
  }

  static AnswerMemory unlimited() {
    return new AnswerMemory(Long.MAX_VALUE);
  }

  /** Counts the right answers of a query. */
  void count(int right) {
    queries.increment();
    answers.add(right);
  }

  /**
   * Takes the memory of a set of answers.
   *
   * @throws IllegalArgumentException if there is no such memory left; of several threads, all get
   *     the message of the first
   */
  void take(int count) {
    if (taken.addAndGet((long) Integer.BYTES * count) > limit) {
      synchronized (this) {
        message = message.isEmpty() ? message() : message;
        throw new IllegalArgumentException(message);
      }
    }
  }

  private String message() {
    long counted = queries.sum();
    return String.format(
        Locale.ROOT,
        "the right answers to the queries take more than %.1f MB, which is a quarter of the heap:"
            + " the first %d queries have %.1f on average; MultiHopDataset.Builder.maxAnswers(n)"
            + " takes only queries with at most n, and java -Xmx gives more memory than %.1f MB",
        limit / 1e6,
        counted,
        (double) answers.sum() / counted,
        heap / 1e6);
  }
}
