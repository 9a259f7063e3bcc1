package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The size of a model and of its training that a dataset needs, by what trainings on real graphs
 * showed.
 *
 * @param atomicFacts the number of atomic facts, of which one with several answers is several
 * @param hops the greatest number of hops
 * @param width the width of the model
 * @param batch the batch size
 * @param epochsPerStage the most epochs, of {@value #STEPS_PER_EPOCH} updates, of a stage
 * @param cooldownSteps the number of updates after the last stage, which do most of the work
 * @param reasons why, a sentence each
 */
record Fit(
    int atomicFacts,
    int hops,
    int width,
    int batch,
    int epochsPerStage,
    int cooldownSteps,
    ImmutableList<String> reasons) {
  /** The share of atomic facts in every batch. */
  static final double ATOMIC_SHARE = 0.5;

  /** The accuracy above which a stage ends: what composes at all has passed. */
  static final double UNTIL_ACCURACY = 0.6;

  static final int STEPS_PER_EPOCH = 50;

  /** The most atomic facts for which width 64 was seen to suffice. */
  private static final int FACTS_OF_NARROW = 6000;

  private static final int NARROW = 64;
  private static final int WIDE = 128;

  /** Fewer updates left accuracy to be gained, however few the facts. */
  private static final int LEAST_COOLDOWN = 3000;

  /** About so often must a composed fact be seen. */
  private static final int PASSES = 75;

  private static final int MOST_COOLDOWN = 100_000;

  static Fit of(MultiHopDataset data) {
    Facts atomic = data.atomic();
    int facts = IntStream.range(0, atomic.size()).map(atomic::answers).sum();
    boolean isNarrow = facts <= FACTS_OF_NARROW;
    int width = isNarrow ? NARROW : WIDE;
    int batch = isNarrow ? 256 : 512;
    long composed = 0;
    for (int hops = data.minHops(); hops <= data.maxHops(); hops++) {
      composed += data.train(hops).size();
    }
    long updates = Math.round(PASSES * composed / (batch * (1 - ATOMIC_SHARE)));
    int cooldown = (int) Math.min(MOST_COOLDOWN, Math.max(LEAST_COOLDOWN, updates));
    return new Fit(
        facts,
        data.maxHops(),
        width,
        batch,
        cooldown / STEPS_PER_EPOCH,
        cooldown,
        reasons(facts, width, cooldown, composed));
  }

  double learningRate() {
    return width == NARROW ? 4e-3 : 2e-3;
  }

  private static ImmutableList<String> reasons(int facts, int width, int cooldown, long composed) {
    return ImmutableList.of(
        width == NARROW
            ? line(
                "Width %d: it was seen to suffice for up to %,d atomic facts, and here are %,d.",
                width, FACTS_OF_NARROW, facts)
            : line(
                "Width %d: here are %,d atomic facts, more than the %,d for which %d was seen to"
                    + " suffice.",
                width, facts, FACTS_OF_NARROW, NARROW),
        line(
            "%,d updates while the rate falls: each of %,d composed facts about %d times, and at"
                + " least %,d.",
            cooldown, composed, PASSES, LEAST_COOLDOWN),
        "The answer is read at the last token: facts are then looked up at their relations, where a"
            + " chain needs them.",
        "All right answers of a query at once: one each time needs more than twice the updates where"
            + " there are many.",
        line(
            "A stage ends above an accuracy of %s, or after as many updates all the same: some facts of"
                + " a real graph stay out of reach, and most is learned while the rate falls.",
            UNTIL_ACCURACY));
  }

  @Override
  public String toString() {
    return line(
        "fitting(%,d atomic facts, %d hops: width %d, %,d updates)",
        atomicFacts, hops, width, cooldownSteps);
  }

  @FormatMethod
  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
