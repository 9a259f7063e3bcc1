package io.github.recurrent.evaluation;

import com.google.common.primitives.ImmutableIntArray;

/**
 * How a token stands among candidates by their logits.
 *
 * @param rank 1 for the greatest logit; of equal ones the token of the least id comes first
 * @param probability its probability among the candidates
 * @param logit its logit
 */
record Standing(int rank, double probability, double logit) {
  /**
   * @param logits those of several rows, in row-major order
   * @param start where the row begins
   * @param candidates ids, the token's among them
   */
  static Standing of(float[] logits, int start, int token, ImmutableIntArray candidates) {
    float own = logits[start + token];
    int rank = 1;
    double others = 0;
    for (int i = 0; i < candidates.length(); i++) {
      int id = candidates.get(i);
      float logit = logits[start + id];
      if (logit > own || (logit == own && id < token)) {
        rank++;
      }
      others += Math.exp((double) logit - own);
    }
    return new Standing(rank, 1 / others, own);
  }

  /**
   * Returns how the best of several tokens stands, with the probability of all of them together.
   * None of them is before the best, so that they do not count against it.
   *
   * @param tokens at least one, in ascending order, each among the candidates
   */
  static Standing ofBest(
      float[] logits, int start, ImmutableIntArray tokens, ImmutableIntArray candidates) {
    int best = tokens.get(0);
    for (int i = 1; i < tokens.length(); i++) {
      best = logits[start + tokens.get(i)] > logits[start + best] ? tokens.get(i) : best;
    }
    Standing standing = of(logits, start, best, candidates);
    double together = 0;
    for (int i = 0; i < tokens.length(); i++) {
      together += Math.exp((double) logits[start + tokens.get(i)] - standing.logit());
    }
    return new Standing(standing.rank(), together * standing.probability(), standing.logit());
  }
}
