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
}
