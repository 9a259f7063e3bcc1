package io.github.recurrent.evaluation;

import com.google.common.math.Quantiles;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How much of the answers comes back with patches, over many facts. Not thread-safe. */
final class Recoveries {
  private final OneMeasure probability;
  private final OneMeasure logit;
  private final int[] returned;
  private Standing[] clean = {};
  private Standing[] corrupted = {};
  private int facts;
  private int answeredFacts;
  private double cleanProbability;
  private double corruptedProbability;

  /**
   * @param patches the number of patches that each fact gets, one after another
   */
  Recoveries(int patches, double leastProbability, double leastLogit) {
    probability = new OneMeasure(patches, leastProbability);
    logit = new OneMeasure(patches, leastLogit);
    returned = new int[patches];
  }

  /** Begins some facts more. */
  void begin(Standing[] cleanRuns, Standing[] corruptedRuns) {
    clean = cleanRuns;
    corrupted = corruptedRuns;
    facts += clean.length;
    for (int row = 0; row < clean.length; row++) {
      answeredFacts += isAnswered(row) ? 1 : 0;
      cleanProbability += clean[row].probability();
      corruptedProbability += corrupted[row].probability();
      probability.begin(clean[row].probability() - corrupted[row].probability());
      logit.begin(clean[row].logit() - corrupted[row].logit());
    }
  }

  /** Adds the runs of these facts with a patch. */
  void add(int patch, Standing[] patched) {
    for (int row = 0; row < patched.length; row++) {
      Standing before = corrupted[row];
      probability.add(
          patch,
          patched[row].probability() - before.probability(),
          clean[row].probability() - before.probability());
      logit.add(patch, patched[row].logit() - before.logit(), clean[row].logit() - before.logit());
      returned[patch] += isAnswered(row) && patched[row].rank() == 1 ? 1 : 0;
    }
  }

  private boolean isAnswered(int row) {
    return clean[row].rank() == 1 && corrupted[row].rank() != 1;
  }

  int facts() {
    return facts;
  }

  int answeredFacts() {
    return answeredFacts;
  }

  double meanCleanProbability() {
    return cleanProbability / facts;
  }

  double meanCorruptedProbability() {
    return corruptedProbability / facts;
  }

  OneMeasure probability() {
    return probability;
  }

  OneMeasure logit() {
    return logit;
  }

  /** Returns the share of answered facts whose answer returns, of some patches. */
  ImmutableDoubleArray returned(int first, int count) {
    return ImmutableDoubleArray.copyOf(
        Arrays.stream(returned, first, first + count)
            .mapToDouble(number -> (double) number / answeredFacts));
  }

  /** The recovery of one measure of the answer. */
  static final class OneMeasure {
    private final double least;
    private final double[] returned;
    private final List<List<Double>> recoveries = new ArrayList<>();
    private double lost;
    private int facts;

    OneMeasure(int patches, double least) {
      this.least = least;
      returned = new double[patches];
      for (int patch = 0; patch < patches; patch++) {
        recoveries.add(new ArrayList<>());
      }
    }

    private void begin(double lostOfFact) {
      if (lostOfFact >= least) {
        lost += lostOfFact;
        facts++;
      }
    }

    private void add(int patch, double returnedOfFact, double lostOfFact) {
      if (lostOfFact >= least) {
        returned[patch] += returnedOfFact;
        recoveries.get(patch).add(returnedOfFact / lostOfFact);
      }
    }

    /** Returns the number of facts that lose enough to count. */
    int facts() {
      return facts;
    }

    /** Returns the recovery over all facts, of some patches; NaN if no fact counts. */
    ImmutableDoubleArray recovery(int first, int count) {
      return ImmutableDoubleArray.copyOf(
          Arrays.stream(returned, first, first + count)
              .map(sum -> facts == 0 ? Double.NaN : sum / lost));
    }

    /** Returns the median recovery of a fact, of some patches; NaN if no fact counts. */
    ImmutableDoubleArray median(int first, int count) {
      return ImmutableDoubleArray.copyOf(
          recoveries.subList(first, first + count).stream()
              .mapToDouble(
                  values ->
                      values.isEmpty()
                          ? Double.NaN
                          : Quantiles.median().compute(Doubles.toArray(values))));
    }
  }
}
