package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.dataset.Facts;

/** Counts how alike two reasoners answer the same facts. */
final class ReasonerComparison {
  private static final int ROWS_AT_ONCE = 1024;

  private ReasonerComparison() {}

  static Reasoner.Comparison of(Reasoner first, Reasoner second, Facts facts, Halting halting) {
    checkArgument(facts.size() > 0, "no facts of %s hops to compare on", facts.hops());
    Counts counts = new Counts();
    for (int from = 0; from < facts.size(); from += ROWS_AT_ONCE) {
      Facts some = facts.subList(from, Math.min(facts.size(), from + ROWS_AT_ONCE));
      QueryBatch queries = QueryBatch.of(some);
      Trajectory one = first.trajectory(queries, halting.atMost());
      Trajectory other = second.trajectory(queries, halting.atMost());
      for (int row = 0; row < some.size(); row++) {
        counts.add(one, other, some, row, halting);
      }
    }
    double all = facts.size();
    return ImmutableComparison.builder()
        .facts(facts.size())
        .halting(halting)
        .firstAccuracy(counts.firstRight / all)
        .secondAccuracy(counts.secondRight / all)
        .agreement(counts.same / all)
        .sameIterations(counts.sameIterations / all)
        .maxLogitDifference(counts.maxDifference)
        .build();
  }

  private static final class Counts {
    private int firstRight;
    private int secondRight;
    private int same;
    private int sameIterations;
    private double maxDifference;

    private void add(Trajectory one, Trajectory other, Facts facts, int row, Halting halting) {
      int firstHalt = one.haltingIteration(row, halting);
      int secondHalt = other.haltingIteration(row, halting);
      int firstAnswer = one.mostProbable(firstHalt, row);
      int secondAnswer = other.mostProbable(secondHalt, row);
      firstRight += one.isRight(firstHalt, row, facts, row) ? 1 : 0;
      secondRight += other.isRight(secondHalt, row, facts, row) ? 1 : 0;
      same += firstAnswer == secondAnswer ? 1 : 0;
      sameIterations += firstHalt == secondHalt ? 1 : 0;
      for (int iteration = 1; iteration <= Math.max(firstHalt, secondHalt); iteration++) {
        float[] logits = one.logits(iteration, row);
        for (int id = 0; id < logits.length; id++) {
          maxDifference =
              Math.max(maxDifference, Math.abs(logits[id] - other.logit(iteration, row, id)));
        }
      }
    }
  }
}
