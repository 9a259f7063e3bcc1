package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.Vocabulary;
import java.util.OptionalInt;

/** Refuses choices that would have no effect on a training, instead of ignoring them. */
final class ChoiceCheck {
  private final TrainingPlan plan;

  private ChoiceCheck(TrainingPlan plan) {
    this.plan = plan;
  }

  /**
   * Holds a plan to the multi-hop facts it is to train on.
   *
   * @throws IllegalArgumentException if a choice cannot apply
   */
  static void multiHop(TrainingPlan plan, HopFacts facts) {
    ChoiceCheck check = new ChoiceCheck(plan);
    checkArgument(
        plan.chosenEpochs().isEmpty(),
        "epochs(…) is for composition facts, and these are multi-hop facts; choose their schedule"
            + " with curriculum(…)");
    check.listeners();
    check.checkpoints();
    check.vocabulary(facts.vocabulary());
    check.stages(
        plan.curriculum(),
        plan.prelude().map(Prelude::curriculum).orElse(plan.curriculum()),
        facts);
    plan.prelude().ifPresent(prelude -> check.prelude(prelude, facts));
  }

  /**
   * Holds a plan to the composition facts it is to train on.
   *
   * @throws IllegalArgumentException if a choice cannot apply
   */
  static void composition(TrainingPlan plan, CompositionDataset data) {
    ChoiceCheck check = new ChoiceCheck(plan);
    String instead =
        " is for multi-hop facts, and these are composition facts; choose their schedule with"
            + " epochs(…)";
    checkArgument(plan.chosenCurriculum().isEmpty(), "curriculum(…)%s", instead);
    checkArgument(plan.prelude().isEmpty(), "first(…)%s", instead);
    check.listeners();
    check.checkpoints();
    check.vocabulary(data.vocabulary());
    check.length(data.inferred().hops());
  }

  /**
   * Holds a plan to a training of several seeds.
   *
   * @throws IllegalArgumentException if a choice cannot apply
   */
  static void seeds(TrainingPlan plan) {
    checkArgument(
        plan.chosenSeed().isEmpty(),
        "seed(%s) would be ignored: trainSeeds is given all seeds",
        plan.seed());
    checkArgument(
        plan.listeners().isEmpty(),
        "listener(…) would receive the trainings of several seeds as one; give each a listener of its"
            + " own with listenerOfEachSeed(…)");
    checkArgument(
        plan.start().flatMap(Checkpoint::trainingState).isEmpty(),
        "several seeds cannot continue one training; resume each seed from its own checkpoint, or"
            + " give startFrom a checkpoint without training state");
  }

  private void listeners() {
    checkArgument(
        plan.seedListeners().isEmpty(),
        "listenerOfEachSeed(…) would be ignored: it is for trainSeeds(…); give a single training its"
            + " listener with listener(…)");
  }

  private void checkpoints() {
    if (plan.checkpoints().isEmpty()) {
      without(plan.chosenCheckpointEpochs(), "checkpointEvery");
      without(plan.checkpointSteps(), "checkpointEverySteps");
    }
  }

  private static void without(OptionalInt interval, String name) {
    checkArgument(
        interval.isEmpty(),
        "%s(%s) would be ignored without a folder for checkpoints; choose one with"
            + " checkpoints(…)",
        name,
        interval.orElse(0));
  }

  private void vocabulary(Vocabulary vocabulary) {
    checkArgument(
        plan.model().vocabularySize() == vocabulary.size(),
        "the model is for a vocabulary of %s tokens, but that of the data has %s",
        plan.model().vocabularySize(),
        vocabulary.size());
  }

  private void length(int hops) {
    plan.model().paddedLength(hops + 1);
  }

  /**
   * @param begin the curriculum with the first stage
   */
  private void stages(Curriculum curriculum, Curriculum begin, HopFacts facts) {
    int first = begin.isAtomicFirst() ? 1 : facts.minHops();
    int last = curriculum.upTo().orElse(facts.maxHops());
    checkArgument(
        first <= last && last <= facts.maxHops(),
        "a curriculum up to %s hops does not fit data of %s to %s hops",
        last,
        facts.minHops(),
        facts.maxHops());
    length(last);
    for (int stage : curriculum.forcedEpochs().keySet()) {
      checkArgument(
          stage >= first && stage <= last,
          "forcedEpochs(%s, …) would be ignored: the stages of the curriculum are %s to %s",
          stage,
          first,
          last);
    }
    recurrences(curriculum, first, last);
  }

  private void recurrences(Curriculum curriculum, int first, int last) {
    int most = plan.model().recurrence().max();
    curriculum
        .stageRecurrences()
        .orElse(ImmutableSortedMap.of())
        .forEach(
            (stage, recurrence) -> {
              checkArgument(
                  stage >= first && stage <= last,
                  "recurrence(…, %s) would be ignored in stage %s: the stages of the curriculum are"
                      + " %s to %s",
                  recurrence,
                  stage,
                  first,
                  last);
              checkArgument(
                  recurrence.max() <= most,
                  "stage %s is to be trained with %s, but the model's recurrence, %s, has at most %s"
                      + " iterations; choose a longer one for the model",
                  stage,
                  recurrence,
                  plan.model().recurrence(),
                  most);
            });
  }

  private void prelude(Prelude prelude, HopFacts facts) {
    Curriculum main = plan.curriculum();
    stages(prelude.curriculum(), prelude.curriculum(), facts);
    int end = prelude.curriculum().upTo().orElse(facts.maxHops());
    int last = main.upTo().orElse(facts.maxHops());
    checkArgument(
        end <= last,
        "first(…) is a curriculum up to %s hops, but the one that follows it ends at %s; end the"
            + " first sooner with upTo(…)",
        end,
        last);
    checkArgument(
        prelude.curriculum().isAtomicFirst() || !main.isAtomicFirst(),
        "the curriculum's atomicFirst() would be ignored, as first(…) comes before it and begins"
            + " with %s hops; call atomicFirst() on the curriculum of first(…) too",
        facts.minHops());
  }
}
