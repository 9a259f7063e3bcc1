package io.github.recurrent.evaluation;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Vocabulary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntToDoubleFunction;

/**
 * The places of right answers among the entities that are not right answers, by score; among equals
 * the mean of their places.
 *
 * @param ranks the rank of each answer, from 1
 */
record FilteredRanks(ImmutableDoubleArray ranks) {
  /**
   * What is ranked.
   *
   * @param right the ids of all right answers
   * @param ranked the ids of those to rank
   */
  record Candidates(Vocabulary vocabulary, ImmutableIntArray right, ImmutableIntArray ranked) {}

  /**
   * @param score by the id of an entity
   */
  static FilteredRanks of(Candidates candidates, IntToDoubleFunction score) {
    ImmutableIntArray ranked = candidates.ranked();
    double[] scores = ranked.stream().mapToDouble(score).toArray();
    double[] steps = Arrays.stream(scores).sorted().distinct().toArray();
    // Of entities that are not right: those above a step but not above the next, and those on it.
    int[] above = new int[steps.length + 1];
    int[] on = new int[steps.length];
    BitSet right = new BitSet();
    candidates.right().forEach(right::set);
    Vocabulary vocabulary = candidates.vocabulary();
    for (int entity = 0; entity < vocabulary.entities() && steps.length > 0; entity++) {
      int id = vocabulary.entityId(entity);
      if (right.get(id)) {
        continue;
      }
      int step = Arrays.binarySearch(steps, score.applyAsDouble(id));
      if (step >= 0) {
        on[step]++;
        above[step]++;
      } else {
        above[-step - 1]++;
      }
    }
    for (int step = steps.length - 1; step >= 0; step--) {
      above[step] += above[step + 1];
    }
    ImmutableDoubleArray.Builder ranks = ImmutableDoubleArray.builder(scores.length);
    for (double own : scores) {
      int step = Arrays.binarySearch(steps, own);
      ranks.add(1 + above[step + 1] + on[step] / 2.0);
    }
    return new FilteredRanks(ranks.build());
  }

  /** Returns the share of answers whose rank is at most a number. */
  double hitsAt(int most) {
    return ranks.stream().filter(rank -> rank <= most).count() / (double) ranks.length();
  }

  double meanReciprocal() {
    return ranks.stream().map(rank -> 1 / rank).average().orElse(Double.NaN);
  }
}
