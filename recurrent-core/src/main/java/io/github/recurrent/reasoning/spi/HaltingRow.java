package io.github.recurrent.reasoning.spi;

import io.github.recurrent.reasoning.Distribution;

/**
 * A row under a halting rule, one iteration after another; {@link
 * io.github.recurrent.reasoning.Halting#row()} begins one. Not thread-safe.
 */
public interface HaltingRow {
  /**
   * Returns how many iterations need not be read before the next that must be: the rule looks at
   * that one, or it is the last. {@link #skip} takes them.
   */
  int unread();

  /**
   * Takes iterations that need not be read.
   *
   * @throws IllegalArgumentException if their number is negative
   * @throws IllegalStateException if one of them must be read
   */
  void skip(int count);

  /**
   * Takes what the row gives to read after the next iteration, and returns whether the row halts
   * there.
   *
   * @throws IllegalStateException if it has had the greatest number of iterations already, or the
   *     rule looks at the change of the hidden state and the reading has none
   */
  boolean halts(Reading reading);

  /**
   * Takes the distribution after the next iteration, and returns whether the row halts there.
   *
   * @throws IllegalStateException if it has had the greatest number of iterations already, or the
   *     rule looks at the change of the hidden state
   */
  default boolean halts(Distribution distribution) {
    return halts(Reading.of(distribution));
  }

  /** Returns the number of iterations so far. */
  int iterations();
}
