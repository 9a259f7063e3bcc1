package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps every evaluation of a training, or of several one after another. Not thread-safe. */
final class EvaluationRecord implements TrainingListener {
  private final List<Evaluation> evaluations = new ArrayList<>();

  private EvaluationRecord() {}

  /** Returns an empty record. */
  static EvaluationRecord create() {
    return new EvaluationRecord();
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    evaluations.add(evaluation);
  }

  /** Returns the evaluations so far, in their order. */
  ImmutableList<Evaluation> evaluations() {
    return ImmutableList.copyOf(evaluations);
  }

  /**
   * Returns the first evaluation in which facts of a type were answered with at least some
   * accuracy, if there is one.
   */
  Optional<Evaluation> reached(String type, double accuracy) {
    return evaluations.stream()
        .filter(evaluation -> evaluation.accuracies().getOrDefault(type, -1.0) >= accuracy)
        .findFirst();
  }

  /**
   * Returns the last accuracy on facts of a type.
   *
   * @throws IllegalArgumentException if there is none
   */
  double accuracy(String type) {
    for (int index = evaluations.size() - 1; index >= 0; index--) {
      Double accuracy = evaluations.get(index).accuracies().get(type);
      if (accuracy != null) {
        return accuracy;
      }
    }
    throw new IllegalArgumentException(
        "no facts of type \"" + type + "\" in " + evaluations.size() + " evaluations");
  }
}
