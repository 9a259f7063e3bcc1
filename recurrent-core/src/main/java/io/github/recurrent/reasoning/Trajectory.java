package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;
import static com.google.common.base.Preconditions.checkState;

import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

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
  private final Optional<Vocabulary> vocabulary;
  private final double[] hiddenChanges;

  private Trajectory(
      int iterations,
      int rows,
      int vocabularySize,
      float[] logits,
      Optional<Vocabulary> vocabulary,
      double[] hiddenChanges) {
    this.iterations = iterations;
    this.rows = rows;
    this.vocabularySize = vocabularySize;
    this.logits = logits;
    this.vocabulary = vocabulary;
    this.hiddenChanges = hiddenChanges;
  }

  /**
   * Returns the trajectory with the given logits, which are copied; without vocabulary and changes
   * of the hidden state it takes no halting rule that looks at them.
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
    return new Trajectory(
        iterations, rows, vocabularySize, logits.clone(), Optional.empty(), new double[0]);
  }

  /**
   * Returns the trajectory with the given logits and changes, which are copied.
   *
   * @param logits {@code [iterations, rows, vocabulary]} in row-major order
   * @param hiddenChanges {@code [iterations, rows]}, by {@link HiddenChange}
   * @throws IllegalArgumentException if a size is not at least 1 or that of an array differs
   */
  public static Trajectory of(
      Vocabulary vocabulary, int iterations, int rows, float[] logits, double[] hiddenChanges) {
    Trajectory bare = of(iterations, rows, vocabulary.size(), logits);
    checkArgument(
        hiddenChanges.length == iterations * rows,
        "%s changes of the hidden state for a trajectory of [%s, %s]",
        hiddenChanges.length,
        iterations,
        rows);
    return new Trajectory(
        iterations,
        rows,
        bare.vocabularySize,
        bare.logits,
        Optional.of(vocabulary),
        hiddenChanges.clone());
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
   * Returns the id of the most probable entity of a row after an iteration.
   *
   * @throws IllegalStateException if this trajectory does not know which tokens are entities
   */
  public int mostProbableEntity(int iteration, int row) {
    return mostProbableEntity(
        iteration,
        row,
        vocabulary.orElseThrow(
            () ->
                new IllegalStateException(
                    "this trajectory does not know which tokens are entities")));
  }

  /**
   * Returns whether a row's answer after an iteration is a right one for a fact: its most probable
   * token or, where queries may have several right answers, its most probable entity. Many answers
   * share the probability then, and a token that is none of the entities may come before each.
   *
   * @param fact the index of the fact that the row asks for
   */
  public boolean isRight(int iteration, int row, Facts facts, int fact) {
    return facts.isAnswer(
        fact,
        facts.haveSeveralAnswers()
            ? mostProbableEntity(iteration, row, facts.vocabulary())
            : mostProbable(iteration, row));
  }

  private int mostProbableEntity(int iteration, int row, Vocabulary tokens) {
    int start = start(iteration, row);
    int best = tokens.entityId(0);
    for (int entity = 1; entity < tokens.entities(); entity++) {
      int id = tokens.entityId(entity);
      if (logits[start + id] > logits[start + best]) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Returns how much the hidden state of a row's read token changed in an iteration, relative to
   * what it was before; infinity in the first iteration.
   *
   * @throws IllegalStateException if this trajectory has no changes of the hidden state
   */
  public double hiddenChange(int iteration, int row) {
    int index = start(iteration, row) / vocabularySize;
    checkState(hiddenChanges.length > 0, "this trajectory has no changes of the hidden state");
    return hiddenChanges[index];
  }

  /**
   * Returns the iteration at which a row halts under a rule.
   *
   * @throws IllegalArgumentException if the rule allows more iterations than this trajectory has,
   *     or looks at the hidden state or at entities alone and this trajectory lacks them
   */
  public int haltingIteration(int row, Halting halting) {
    checkArgument(
        halting.atMost() <= iterations,
        "halting allows %s iterations, but the trajectory has %s",
        halting.atMost(),
        iterations);
    checkArgument(
        !halting.looksAtHiddenState() || hiddenChanges.length > 0,
        "\"%s\" looks at the change of the hidden state, which this trajectory lacks",
        halting);
    checkArgument(
        !halting.isAmongEntities() || vocabulary.isPresent(),
        "\"%s\" looks at entities alone, but this trajectory does not know which tokens are",
        halting);
    HaltingRow following = halting.row();
    while (true) {
      following.skip(following.unread());
      int iteration = following.iterations() + 1;
      if (following.halts(reading(iteration, row, halting))) {
        return iteration;
      }
    }
  }

  private Reading reading(int iteration, int row, Halting halting) {
    int start = start(iteration, row);
    int index = start / vocabularySize;
    OptionalDouble change =
        hiddenChanges.length == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(hiddenChanges[index]);
    return vocabulary
        .map(tokens -> Reading.of(tokens, halting, logits, index, change))
        .orElseGet(() -> Reading.ofEveryToken(logits, start, vocabularySize, change));
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Trajectory that
        && iterations == that.iterations
        && rows == that.rows
        && vocabularySize == that.vocabularySize
        && vocabulary.equals(that.vocabulary)
        && Arrays.equals(logits, that.logits)
        && Arrays.equals(hiddenChanges, that.hiddenChanges);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(iterations, rows, vocabularySize) + Arrays.hashCode(logits);
  }

  @Override
  public String toString() {
    return "Trajectory["
        + iterations
        + " iterations, "
        + rows
        + " rows, "
        + vocabularySize
        + " tokens]";
  }
}
