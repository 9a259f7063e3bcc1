package io.github.recurrent.dataset;

import java.util.Arrays;

/** Distinct walks of one length through a graph, in the order of their first appearance. */
final class WalkSet {
  private final int stride;
  private final int[] rows;
  private final int[] table;
  private int size;

  /**
   * @param stride the number of ids of a walk that tell it from others
   */
  WalkSet(int stride, int capacity) {
    this.stride = stride;
    this.rows = new int[Math.multiplyExact(stride, capacity)];
    this.table = new int[Integer.highestOneBit(Math.max(1, Math.min(capacity, 1 << 28))) * 4];
    Arrays.fill(table, -1);
  }

  /** Returns the set of walks whose ids follow one another. */
  static WalkSet of(int stride, int[] rows) {
    WalkSet set = new WalkSet(stride, rows.length / stride);
    for (int row = 0; row < rows.length; row += stride) {
      set.add(Arrays.copyOfRange(rows, row, row + stride));
    }
    return set;
  }

  /** Returns whether a walk is there. */
  boolean has(int[] walk) {
    return table[slot(walk)] >= 0;
  }

  /** Adds a walk unless it is there. */
  void add(int[] walk) {
    int slot = slot(walk);
    if (table[slot] < 0) {
      table[slot] = size;
      System.arraycopy(walk, 0, rows, size * stride, stride);
      size++;
    }
  }

  /** Returns the slot that holds a walk, or the free one in which it belongs. */
  private int slot(int[] walk) {
    long hash = 1;
    for (int i = 0; i < stride; i++) {
      hash = (hash ^ walk[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    int slot = (int) ((hash * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
    while (table[slot] >= 0 && !holds(table[slot], walk)) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private boolean holds(int other, int[] walk) {
    int row = other * stride;
    return Arrays.equals(rows, row, row + stride, walk, 0, stride);
  }

  int size() {
    return size;
  }

  /** Returns the ids of all walks, one walk after the other; the set must not be used after. */
  int[] rows() {
    return rows;
  }
}
