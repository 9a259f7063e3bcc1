package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;

/** From which to which iteration an evaluation goes, both ends included. */
record IterationRange(int first, int last) {
  static final IterationRange DEFAULT = new IterationRange(1, 16);

  IterationRange {
    checkArgument(
        1 <= first && first <= last,
        "iterations must be a range from at least 1, but are %s to %s",
        first,
        last);
  }

  /**
   * @throws IllegalArgumentException unless there is a figure for every iteration
   */
  void check(int firstOfRow, String name, ImmutableDoubleArray figures) {
    checkArgument(
        firstOfRow == first,
        "figures of \"%s\" must begin at iteration %s, but begin at %s",
        name,
        first,
        firstOfRow);
    Figures.check(size(), name, figures);
  }

  int size() {
    return last - first + 1;
  }

  /** Returns the range as a report names it. */
  ImmutableMap<String, String> setting() {
    return ImmutableMap.of("iterations", first + " to " + last);
  }
}
