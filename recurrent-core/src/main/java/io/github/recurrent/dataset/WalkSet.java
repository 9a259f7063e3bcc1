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
    this.table = new int[Integer.highestOneBit(Math.max(1, capacity)) * 4];
    Arrays.fill(table, -1);
  }

  /** Adds a walk unless it is there, and returns whether it was not. */
  boolean add(int[] walk) {
    int slot = slot(walk);
    while (table[slot] >= 0) {
      int row = table[slot] * stride;
      if (Arrays.equals(rows, row, row + stride, walk, 0, stride)) {
        return false;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = size;
    System.arraycopy(walk, 0, rows, size * stride, stride);
    size++;
    return true;
  }

  private int slot(int[] walk) {
    int hash = 1;
    for (int i = 0; i < stride; i++) {
      hash = hash * 0x9E3779B1 + walk[i];
    }
    hash ^= hash >>> 15;
    return (hash * 0x85EBCA6B) >>> 7 & (table.length - 1);
  }

  int size() {
    return size;
  }

  void copyTo(int walk, int[] target, int start) {
    System.arraycopy(rows, walk * stride, target, start, stride);
  }
}
