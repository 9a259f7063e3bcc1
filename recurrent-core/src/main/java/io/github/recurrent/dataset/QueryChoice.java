package io.github.recurrent.dataset;

/** Which queries to take. Not thread-safe. */
@FunctionalInterface
interface QueryChoice {
  /**
   * Returns whether to take a query.
   *
   * @param query the indices of the head and the relations
   */
  boolean takes(int[] query);
}
