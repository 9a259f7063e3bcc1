package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;

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

  int size() {
    return last - first + 1;
  }

  /** Returns the range as a report names it. */
  ImmutableMap<String, String> setting() {
    return ImmutableMap.of("iterations", first + " to " + last);
  }
}
