package io.github.recurrent.dataset;

import java.util.Arrays;

/**
 * Distinct queries of one number of hops, which come in any order and leave in that of their keys.
 * Not thread-safe.
 */
final class DistinctQueries {
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final int stride;
  private final QueryKeys keys;
  private int[] rows;
  private int[] table;
  private int size;
  private int[] repeated = new int[0];

  /**
   * @param stride the number of ids of a query
   * @param expected about how many queries are going to come
   */
  DistinctQueries(int stride, QueryKeys keys, int expected) {
    this.stride = stride;
    this.keys = keys;
    this.rows = new int[stride * Math.max(1, Math.min(expected, 1 << 20))];
    this.table = emptyTable(Integer.highestOneBit(Math.max(1, Math.min(expected, 1 << 20))) * 4);
  }

  /** Adds a query unless it is there. */
  void add(int[] from, int start) {
    int slot = slot(table, from, start);
    if (table[slot] >= 0) {
      if (repeated.length == 0) {
        repeated = Arrays.copyOfRange(from, start, start + stride);
      }
      return;
    }
    int end = Math.multiplyExact(Math.addExact(size, 1), stride);
    if (end > rows.length) {
      rows = Arrays.copyOf(rows, (int) Math.min(MAX_LENGTH, Math.max(end, rows.length * 3L / 2)));
    }
    System.arraycopy(from, start, rows, end - stride, stride);
    table[slot] = size++;
    if (2L * size > table.length && table.length < 1 << 30) {
      grow();
    }
  }

  private void grow() {
    int[] larger = emptyTable(2 * table.length);
    for (int row = 0; row < size; row++) {
      larger[slot(larger, rows, row * stride)] = row;
    }
    table = larger;
  }

  private static int[] emptyTable(int length) {
    int[] table = new int[length];
    Arrays.fill(table, -1);
    return table;
  }

  /** Returns the slot that holds a query, or the free one in which it belongs. */
  private int slot(int[] slots, int[] from, int start) {
    // The high bits of the key tell a bucket from others, and are the same here.
    int slot = (int) keys.key(from, start, start + stride) & (slots.length - 1);
    while (slots[slot] >= 0) {
      int row = slots[slot] * stride;
      if (Arrays.equals(rows, row, row + stride, from, start, start + stride)) {
        break;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  int size() {
    return size;
  }

  /** Returns the first query that came again; an empty array if none did. */
  int[] repeated() {
    return repeated;
  }

  /** Returns the queries in the order in which they came. */
  int[] rows() {
    return Arrays.copyOf(rows, size * stride);
  }

  /**
   * Returns the queries in ascending order of their keys as unsigned numbers, and of the queries
   * themselves where two have one key.
   */
  int[] sorted() {
    table = new int[0];
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(size);
    long indexMask = (1L << indexBits) - 1;
    long[] order = new long[size];
    for (int row = 0; row < size; row++) {
      // Arrays are sorted by signed numbers.
      order[row] = ((key(row) ^ Long.MIN_VALUE) & ~indexMask) | row;
    }
    Arrays.sort(order);
    for (int i = 1; i < size; i++) {
      // What the row's number took the place of may tell them apart: hardly ever.
      for (int j = i;
          j > 0
              && ((order[j - 1] ^ order[j]) & ~indexMask) == 0
              && isBefore(order[j], order[j - 1], indexMask);
          j--) {
        long swapped = order[j];
        order[j] = order[j - 1];
        order[j - 1] = swapped;
      }
    }
    int[] sorted = new int[size * stride];
    for (int i = 0; i < size; i++) {
      System.arraycopy(rows, (int) (order[i] & indexMask) * stride, sorted, i * stride, stride);
    }
    return sorted;
  }

  private boolean isBefore(long one, long other, long indexMask) {
    int row = (int) (one & indexMask);
    int otherRow = (int) (other & indexMask);
    int compared = Long.compareUnsigned(key(row), key(otherRow));
    return compared < 0
        || (compared == 0
            && Arrays.compare(
                    rows,
                    row * stride,
                    (row + 1) * stride,
                    rows,
                    otherRow * stride,
                    (otherRow + 1) * stride)
                < 0);
  }

  private long key(int row) {
    return keys.key(rows, row * stride, (row + 1) * stride);
  }
}
