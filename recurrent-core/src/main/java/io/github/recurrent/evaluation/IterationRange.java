package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;

/** From which to which iteration an evaluation goes. */
final class IterationRange {
  private IterationRange() {}

  static void check(int first, int last) {
    checkArgument(
        1 <= first && first <= last,
        "iterations must be a range from at least 1, but are %s to %s",
        first,
        last);
  }

  static ImmutableMap<String, String> setting(int first, int last) {
    return ImmutableMap.of("iterations", first + " to " + last);
  }
}
