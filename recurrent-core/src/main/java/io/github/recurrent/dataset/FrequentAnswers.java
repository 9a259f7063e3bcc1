package io.github.recurrent.dataset;

import com.google.common.math.LongMath;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The most frequent answers of facts: those of the chains that end with each relation, and of all.
 * Of answers that are as frequent, the one of the smallest id. Of very many answers, only some are
 * counted, so that the memory is bounded. Immutable and thread-safe.
 */
final class FrequentAnswers {
  /** The answers that are counted, at 8 bytes each: about so many, where there are more. */
  private static final int MOST_COUNTED = 1 << 24;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static final int NONE = -1;

  /** The most frequent answer by the id of the last relation; {@link #NONE} where there is none. */
  private final int[] byRelation;

  private final int overall;

  FrequentAnswers(Facts facts) {
    this(facts, MOST_COUNTED);
  }

  /**
   * @param mostCounted where there are more answers, those of one of every few facts are counted
   */
  FrequentAnswers(Facts facts, int mostCounted) {
    long all = Math.max(1, answers(facts, 1));
    int few = Ints.saturatedCast(LongMath.divide(all, mostCounted, RoundingMode.CEILING));
    int size = Math.toIntExact(answers(facts, few));
    long[] pairs = new long[size];
    int filled = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      if (isCounted(fact, few)) {
        ImmutableIntArray answers = facts.answerIds(fact);
        long relation = (long) facts.queryId(fact, facts.hops()) << 32;
        for (int answer = 0; answer < answers.length(); answer++) {
          pairs[filled++] = relation | answers.get(answer);
        }
      }
    }
    Arrays.sort(pairs);
    byRelation = new int[facts.vocabulary().size()];
    Arrays.fill(byRelation, NONE);
    int[] most = new int[byRelation.length];
    int[] counts = new int[byRelation.length];
    for (int pair = 0; pair < size; ) {
      int first = pair;
      while (pair < size && pairs[pair] == pairs[first]) {
        pair++;
      }
      int relation = (int) (pairs[first] >> 32);
      counts[(int) pairs[first]] += pair - first;
      if (pair - first > most[relation]) {
        most[relation] = pair - first;
        byRelation[relation] = (int) pairs[first];
      }
    }
    int frequent = 0;
    for (int id = 1; id < counts.length; id++) {
      if (counts[id] > counts[frequent]) {
        frequent = id;
      }
    }
    overall = size == 0 ? NONE : frequent;
  }

  /** Returns the number of answers of one of every few facts. */
  private static long answers(Facts facts, int few) {
    long answers = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      answers += isCounted(fact, few) ? facts.answers(fact) : 0;
    }
    return answers;
  }

  /** Returns whether a fact is that one of every few, at random: relations may come in turns. */
  private static boolean isCounted(int fact, int few) {
    return Integer.remainderUnsigned((int) ((fact * GOLDEN) >>> 32), few) == 0;
  }

  /** Returns the share of facts that the most frequent answer of all is right for. */
  double accuracyOverall(Facts facts) {
    int right = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      right += facts.isAnswer(fact, overall) ? 1 : 0;
    }
    return share(right, facts.size());
  }

  /**
   * Returns the share of facts that the most frequent answer of their last relation is right for,
   * or that of all where the relation never came last.
   */
  double accuracyByRelation(Facts facts) {
    int right = 0;
    for (int fact = 0; fact < facts.size(); fact++) {
      int answer = byRelation[facts.queryId(fact, facts.hops())];
      right += facts.isAnswer(fact, answer == NONE ? overall : answer) ? 1 : 0;
    }
    return share(right, facts.size());
  }

  private static double share(int part, int all) {
    return all == 0 ? 0 : (double) part / all;
  }
}
