package io.github.recurrent.reasoning.spi;

import static com.google.common.base.Preconditions.checkState;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a row gives to read after an iteration, which halting rules look at; computed only as far as
 * they do. For implementations of {@link Reasoner}. Not thread-safe.
 */
public final class Reading {
  private final float[] logits;
  private final int start;
  private final int size;
  private final IntPredicate allowed;
  private final OptionalDouble hiddenChange;
  private @Nullable Distribution distribution;

  private Reading(
      float[] logits, int start, int size, IntPredicate allowed, OptionalDouble hiddenChange) {
    this.logits = logits;
    this.start = start;
    this.size = size;
    this.allowed = allowed;
    this.hiddenChange = hiddenChange;
  }

  /**
   * Returns what a row gives to read.
   *
   * @param halting under what the row runs, which says among what tokens its answer is
   * @param logits of rows one after another, which must not change afterwards
   * @param row the number of the row there
   * @param hiddenChange by {@link HiddenChange}, if the halting {@link
   *     Halting#looksAtHiddenState()}
   */
  public static Reading of(
      Vocabulary vocabulary,
      Halting halting,
      float[] logits,
      int row,
      OptionalDouble hiddenChange) {
    return new Reading(
        logits,
        Math.multiplyExact(row, vocabulary.size()),
        vocabulary.size(),
        halting.isAmongEntities() ? vocabulary::isEntity : Reading::any,
        hiddenChange);
  }

  /** Returns what a row gives to read among all tokens of a vocabulary that is not known. */
  public static Reading ofEveryToken(
      float[] logits, int start, int size, OptionalDouble hiddenChange) {
    return new Reading(logits, start, size, Reading::any, hiddenChange);
  }

  /** Returns a reading with nothing but its distribution. */
  public static Reading of(Distribution distribution) {
    Reading reading =
        new Reading(new float[0], 0, distribution.size(), Reading::any, OptionalDouble.empty());
    reading.distribution = distribution;
    return reading;
  }

  private static boolean any(int id) {
    return id >= 0;
  }

  /**
   * Returns the distribution.
   *
   * @throws IllegalArgumentException if a logit is not finite
   */
  public Distribution distribution() {
    Distribution found = distribution;
    if (found == null) {
      found = Distribution.ofLogits(logits, start, size, allowed);
      distribution = found;
    }
    return found;
  }

  /** Returns the id of the most probable token, the least such id among equals. */
  public int mostProbable() {
    if (distribution != null) {
      return distribution.mostProbable();
    }
    int best = -1;
    for (int id = 0; id < size; id++) {
      if (allowed.test(id) && (best < 0 || logits[start + id] > logits[start + best])) {
        best = id;
      }
    }
    return best;
  }

  /**
   * Returns the relative change of the hidden state.
   *
   * @throws IllegalStateException if the reading has none
   */
  public double hiddenChange() {
    checkState(
        hiddenChange.isPresent(),
        "the rule looks at the change of the hidden state, but these iterations come without it");
    return hiddenChange.getAsDouble();
  }

  /**
   * How much the hidden state of a row's read token changes from iteration to iteration, relative
   * to what it was: ‖h_t − h_{t−1}‖ / ‖h_{t−1}‖, with h_t the state after iteration t, before the
   * final layer norm, less the mean of its values, which no layer norm sees. For implementations of
   * {@link Reasoner}. Not thread-safe.
   */
  public static final class HiddenChange {
    private double[] before = new double[0];

    /** Begins to follow a row. */
    public HiddenChange() {}

    /**
     * Takes the state after the next iteration, and returns by how much it has changed; infinity
     * the first time, when there is nothing to compare with.
     *
     * @param states of rows one after another, each of the given width
     * @param row the number of the row there
     */
    public double next(float[] states, int row, int width) {
      int start = Math.multiplyExact(row, width);
      double mean = 0;
      for (int i = 0; i < width; i++) {
        mean += states[start + i];
      }
      mean /= width;
      double[] now = new double[width];
      for (int i = 0; i < width; i++) {
        now[i] = states[start + i] - mean;
      }
      double change = before.length == 0 ? Double.POSITIVE_INFINITY : change(before, now);
      before = now;
      return change;
    }

    private static double change(double[] before, double[] now) {
      double moved = 0;
      double norm = 0;
      for (int i = 0; i < now.length; i++) {
        moved += (now[i] - before[i]) * (now[i] - before[i]);
        norm += before[i] * before[i];
      }
      return moved == 0 ? 0 : Math.sqrt(moved / norm);
    }
  }
}
