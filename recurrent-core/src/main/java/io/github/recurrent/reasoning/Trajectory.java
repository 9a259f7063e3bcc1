package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.Arrays;

/**
 * The logits at the read position of every row of a batch after every iteration.
 *
 * <p>One run of r iterations holds the answers for every number of iterations up to r, and under
 * every halting rule of at most r. Iterations count from 1. Immutable and thread-safe.
 */
public final class Trajectory {
  private final int iterations;
  private final int rows;
  private final int vocabularySize;
  private final float[] logits;

  private Trajectory(int iterations, int rows, int vocabularySize, float[] logits) {
    this.iterations = iterations;
    this.rows = rows;
    this.vocabularySize = vocabularySize;
    this.logits = logits;
  }

  /**
   * Returns the trajectory with the given logits, which become its own.
   *
   * @param logits {@code [iterations, rows, vocabularySize]} in row-major order
   * @throws IllegalArgumentException if a size is not at least 1 or the number of logits differs
   */
  public static Trajectory of(int iterations, int rows, int vocabularySize, float[] logits) {
    checkArgument(
        iterations >= 1 && rows >= 1 && vocabularySize >= 1,
        "sizes must be at least 1, but are [%s, %s, %s]",
        iterations,
        rows,
        vocabularySize);
    checkArgument(
        logits.length == (long) iterations * rows * vocabularySize,
        "%s logits for a trajectory of [%s, %s, %s]",
        logits.length,
        iterations,
        rows,
        vocabularySize);
    return new Trajectory(iterations, rows, vocabularySize, logits);
  }

  /** Returns the number of iterations. */
  public int iterations() {
    return iterations;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  /** Returns the number of tokens of the vocabulary. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** Returns a copy of the logits, {@code [vocabulary]}, of a row after an iteration. */
  public float[] logits(int iteration, int row) {
    int start = start(iteration, row);
    return Arrays.copyOfRange(logits, start, start + vocabularySize);
  }

  /** Returns a logit of a row after an iteration. */
  public float logit(int iteration, int row, int id) {
    return logits[start(iteration, row) + checkElementIndex(id, vocabularySize, "id")];
  }

  /** Returns the distribution of a row after an iteration. */
  public Distribution distribution(int iteration, int row) {
    return Distribution.ofLogits(logits(iteration, row));
  }

  /** Returns the id of the most probable token of a row after an iteration. */
  public int mostProbable(int iteration, int row) {
    int start = start(iteration, row);
    int best = 0;
    for (int id = 1; id < vocabularySize; id++) {
      if (logits[start + id] > logits[start + best]) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Returns the iteration at which a row halts under a rule.
   *
   * @throws IllegalArgumentException if the rule allows more iterations than this trajectory has
   */
  public int haltingIteration(int row, Halting halting) {
    checkArgument(
        halting.maxIterations() <= iterations,
        "halting allows %s iterations, but the trajectory has %s",
        halting.maxIterations(),
        iterations);
    Halting.Row following = halting.row();
    while (!following.halts(distribution(following.iterations() + 1, row))) {}
    return following.iterations();
  }

  private int start(int iteration, int row) {
    checkArgument(
        iteration >= 1 && iteration <= iterations,
        "iteration must be from 1 to %s, but is %s",
        iterations,
        iteration);
    checkElementIndex(row, rows, "row");
    return ((iteration - 1) * rows + row) * vocabularySize;
  }
}
