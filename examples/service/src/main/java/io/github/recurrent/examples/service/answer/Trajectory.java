package io.github.recurrent.examples.service.answer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import java.util.ArrayList;
import java.util.List;

/** The most probable token of a query after every iteration. Thread-safe. */
final class Trajectory implements Halting.Watcher {
  private final Vocabulary vocabulary;

  @GuardedBy("this")
  private final List<Step> steps = new ArrayList<>();

  Trajectory(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** The most probable token after an iteration. */
  record Step(String token, float probability) {
    /** Stands behind the last iteration of a query. */
    static final Step NONE = new Step("", 0);
  }

  @Override
  public synchronized void iterated(int iteration, Distribution distribution) {
    int id = distribution.mostProbable();
    steps.add(new Step(vocabulary.token(id), (float) distribution.probability(id)));
  }

  /**
   * Returns the step after an iteration; of the last one the answer tells, which its deadline may
   * have made first.
   */
  synchronized Step after(int iteration, Answer answer) {
    if (iteration == answer.iterations()) {
      return new Step(answer.token(), (float) answer.probability());
    }
    return iteration < answer.iterations() && iteration <= steps.size()
        ? steps.get(iteration - 1)
        : Step.NONE;
  }
}
