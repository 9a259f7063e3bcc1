package io.github.recurrent.evaluation;

import java.util.List;
import java.util.function.Function;

/** Finds the figures of a type of facts. */
final class OfType {
  private OfType() {}

  /**
   * Returns the row of a type.
   *
   * @throws IllegalArgumentException if there is none
   */
  static <T> T find(List<T> rows, Function<T, String> type, String wanted) {
    return rows.stream()
        .filter(row -> type.apply(row).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no facts of type \""
                        + wanted
                        + "\"; there are those of "
                        + rows.stream().map(type).toList()));
  }
}
