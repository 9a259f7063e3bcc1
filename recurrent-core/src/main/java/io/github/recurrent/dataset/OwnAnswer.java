package io.github.recurrent.dataset;

/** Chooses which of several right answers to a query is that of its fact. Not thread-safe. */
@FunctionalInterface
interface OwnAnswer {
  /**
   * Returns the number of an answer.
   *
   * @param row where the query begins among those of which facts are made
   * @param answers how many there are to choose from, at least 2
   */
  int choose(int row, int answers);
}
