package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableDoubleArray;

/** Checks the figures of a row. */
final class Figures {
  private Figures() {}

  /**
   * @throws IllegalArgumentException unless there are so many figures
   */
  static void check(int count, String name, ImmutableDoubleArray figures) {
    checkArgument(
        figures.length() == count,
        "a row needs %s figures of \"%s\", but has %s",
        count,
        name,
        figures.length());
  }
}
