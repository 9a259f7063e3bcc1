package io.github.recurrent.examples.service.metrics;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Arrays;

/** A counter for every constant of an enumeration. Thread-safe. */
final class ElapsedBy<E extends Enum<E>> {
  private final ImmutableMap<E, ElapsedCounter> counters;

  ElapsedBy(Class<E> constants) {
    counters =
        Maps.toMap(Arrays.asList(constants.getEnumConstants()), constant -> new ElapsedCounter());
  }

  ElapsedCounter of(E constant) {
    return requireNonNull(counters.get(constant));
  }

  Elapsed sum() {
    return counters.values().stream().map(ElapsedCounter::sum).reduce(Elapsed.NONE, Elapsed::plus);
  }
}
