package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What may help a stage that did not pass. */
final class StageAdvice {
  /** A stage that comes this close to the accuracy it needs may pass with more epochs. */
  private static final double CLOSE = 0.7;

  private StageAdvice() {}

  static String after(TrainingPlan plan, int stage, TrainingListener.Evaluation evaluation) {
    Curriculum curriculum = plan.curriculum();
    ImmutableMap<String, Double> accuracies = evaluation.accuracies();
    double reached = accuracies.values().iterator().next();
    Optional<Map.Entry<String, Double>> forgotten =
        accuracies.entrySet().stream()
            .skip(1)
            .min(Map.Entry.comparingByValue())
            .filter(lowest -> lowest.getValue() <= curriculum.untilAccuracy());
    if (stage == 1) {
      return "more epochs (Curriculum.epochsPerStage), a higher learning rate or a wider model:"
          + " nothing is composed before the atomic facts are known";
    }
    if (forgotten.isPresent()) {
      return String.format(
          Locale.ROOT,
          "a greater share of atomic facts (Curriculum.atomicShare) or a lower learning rate:"
              + " earlier facts were forgotten, %s are at %.3f",
          forgotten.get().getKey(),
          forgotten.get().getValue());
    }
    if (reached >= CLOSE * curriculum.untilAccuracy()) {
      return "more epochs (Curriculum.epochsPerStage), or more facts of so many hops: it came close";
    }
    int iterations = plan.recurrence(stage).max();
    if (iterations < stage) {
      return "more iterations than "
          + iterations
          + " (the model's recurrence, or Curriculum.recurrence): a stage seldom passes with fewer iterations than hops";
    }
    if (!curriculum.isAtomicFirst()) {
      return "the atomic facts alone first (Curriculum.atomicFirst), more epochs, or another seed";
    }
    return "more epochs (Curriculum.epochsPerStage), dropout in the first stages (Trainer.first),"
        + " or another seed";
  }
}
