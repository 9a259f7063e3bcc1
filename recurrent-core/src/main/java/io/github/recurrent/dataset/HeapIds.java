package io.github.recurrent.dataset;

import java.util.Arrays;

/** Ids in an array, which must not be changed. */
final class HeapIds implements IdRows {
  private final int[] ids;

  HeapIds(int[] ids) {
    this.ids = ids;
  }

  @Override
  public long length() {
    return ids.length;
  }

  @Override
  public int id(long index) {
    return ids[(int) index];
  }

  @Override
  public void copy(long from, int[] target, int start, int count) {
    System.arraycopy(ids, (int) from, target, start, count);
  }

  @Override
  public boolean hasSame(IdRows other) {
    return other instanceof HeapIds that ? Arrays.equals(ids, that.ids) : other.hasSame(this);
  }
}
