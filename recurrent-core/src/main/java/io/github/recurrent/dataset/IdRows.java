package io.github.recurrent.dataset;

/** Ids, one after the other, that do not change. Thread-safe. */
interface IdRows {
  /** Returns the number of ids. */
  long length();

  /**
   * Returns an id.
   *
   * @param index below the length
   */
  int id(long index);

  /** Copies ids that follow one another into an array. */
  void copy(long from, int[] target, int start, int count);

  /** Returns whether others are the same. */
  default boolean hasSame(IdRows other) {
    if (length() != other.length()) {
      return false;
    }
    for (long index = 0; index < length(); index++) {
      if (id(index) != other.id(index)) {
        return false;
      }
    }
    return true;
  }

  /** Returns what {@link java.util.Arrays#hashCode(int[])} does of an array of the ids. */
  default int hash() {
    int hash = 1;
    for (long index = 0; index < length(); index++) {
      hash = 31 * hash + id(index);
    }
    return hash;
  }
}
