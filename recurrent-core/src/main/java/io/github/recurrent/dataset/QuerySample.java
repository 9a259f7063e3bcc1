package io.github.recurrent.dataset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The distinct queries of the least keys: a sample without repetition. Not thread-safe. */
final class QuerySample {
  private final QueryKeys keys;
  private final int stride;
  private final int most;

  /** The query of the greatest key comes first. */
  private final PriorityQueue<Keyed> sample = new PriorityQueue<>(Comparator.reverseOrder());

  private static final class Keyed implements Comparable<Keyed> {
    private final long key;
    private final int[] query;

    Keyed(long key, int[] query) {
      this.key = key;
      this.query = query;
    }

    @Override
    public int compareTo(Keyed other) {
      int compared = Long.compareUnsigned(key, other.key);
      return compared == 0 ? Arrays.compare(query, other.query) : compared;
    }
  }

  /**
   * @param most the most queries of the sample
   */
  QuerySample(QueryKeys keys, int stride, int most) {
    this.keys = keys;
    this.stride = stride;
    this.most = most;
  }

  /** Adds queries, none of which was added before. */
  void addAll(int[] rows) {
    for (int row = 0; row < rows.length; row += stride) {
      long key = keys.key(rows, row, row + stride);
      Keyed greatest = sample.peek();
      if (greatest == null
          || sample.size() < most
          || Long.compareUnsigned(key, greatest.key) <= 0) {
        sample.add(new Keyed(key, Arrays.copyOfRange(rows, row, row + stride)));
        if (sample.size() > most) {
          sample.remove();
        }
      }
    }
  }

  /** Returns the sample in ascending order of the keys. */
  int[] queries() {
    List<Keyed> sorted = sample.stream().sorted().toList();
    int[] rows = new int[sorted.size() * stride];
    for (int i = 0; i < sorted.size(); i++) {
      System.arraycopy(sorted.get(i).query, 0, rows, i * stride, stride);
    }
    return rows;
  }
}
