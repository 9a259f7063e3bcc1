package io.github.recurrent.dataset;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

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

  /**
   * Takes the memory of a set of answers.
   *
   * @param count the number of answers
   * @param queries the number of queries before
   * @param answers the number of right answers of these queries
   * @throws IllegalArgumentException if there is no such memory left
   */
  void take(int count, int queries, long answers) {
    if (taken.addAndGet((long) Integer.BYTES * count) > limit) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the right answers to the queries take more than %.1f MB, which is a quarter of the"
                  + " heap, as queries have many: %d of them have %.1f on average, and the next"
                  + " %d; MultiHopDataset.Builder.maxAnswers(n) takes only queries with at most n,"
                  + " and java -Xmx gives more memory than %.1f MB",
              limit / 1e6,
              queries,
              queries == 0 ? 0 : (double) answers / queries,
              count,
              heap / 1e6));
    }
  }
}
