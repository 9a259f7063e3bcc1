package io.github.recurrent.onnx;

import com.google.common.math.IntMath;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.math.RoundingMode;
import java.util.Arrays;

/** How many rows every lane of a batcher has, so that they share evenly what waits. Thread-safe. */
final class LaneLoads {
  private final int maxRows;

  @GuardedBy("this")
  private final int[] rows;

  /** How many all lanes had taken when a lane last left some to the others; -1 if it left none. */
  @GuardedBy("this")
  private final long[] leftAt;

  @GuardedBy("this")
  private long taken;

  /**
   * @param maxRows the greatest number of rows of all lanes together, at least one for each
   */
  LaneLoads(int lanes, int maxRows) {
    this.maxRows = maxRows;
    this.rows = new int[lanes];
    this.leftAt = new long[lanes];
    Arrays.fill(leftAt, -1);
  }

  /**
   * Returns how many of those that wait a lane takes, and counts them as its own: what it needs to
   * have its share of all rows. What it leaves, and no other lane has taken when it asks again, it
   * takes: the others may be held up. One lane at least has less than its share, or all are full.
   */
  synchronized int admit(int lane, int waiting) {
    int even = IntMath.divide(waiting + total(), rows.length, RoundingMode.CEILING);
    int share = leftAt[lane] == taken ? rows[lane] + waiting : even;
    int most = maxRows / rows.length + (lane < maxRows % rows.length ? 1 : 0);
    int admitted = Math.max(0, Math.min(waiting, Math.min(share, most) - rows[lane]));
    rows[lane] += admitted;
    taken += admitted;
    leftAt[lane] = admitted < waiting ? taken : -1;
    return admitted;
  }

  /** Says how many rows a lane has. */
  synchronized void set(int lane, int count) {
    rows[lane] = count;
  }

  /** Returns the number of rows of all lanes. */
  synchronized int total() {
    return Arrays.stream(rows).sum();
  }
}
