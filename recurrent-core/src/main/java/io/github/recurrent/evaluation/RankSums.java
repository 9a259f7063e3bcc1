package io.github.recurrent.evaluation;

/** Means over queries of what their answers' ranks come to. Not thread-safe. */
final class RankSums {
  private int queries;
  private long answers;
  private double hitsAt1;
  private double hitsAt3;
  private double hitsAt10;
  private double reciprocals;

  /** Adds the ranks of a query's answers, unless there are none. */
  void add(FilteredRanks ranks) {
    if (ranks.ranks().isEmpty()) {
      return;
    }
    queries++;
    answers += ranks.ranks().length();
    hitsAt1 += ranks.hitsAt(1);
    hitsAt3 += ranks.hitsAt(3);
    hitsAt10 += ranks.hitsAt(10);
    reciprocals += ranks.meanReciprocal();
  }

  int queries() {
    return queries;
  }

  double meanAnswers() {
    return mean((double) answers);
  }

  double hitsAt1() {
    return mean(hitsAt1);
  }

  double hitsAt3() {
    return mean(hitsAt3);
  }

  double hitsAt10() {
    return mean(hitsAt10);
  }

  double meanReciprocalRank() {
    return mean(reciprocals);
  }

  private double mean(double sum) {
    return queries == 0 ? Double.NaN : sum / queries;
  }
}
