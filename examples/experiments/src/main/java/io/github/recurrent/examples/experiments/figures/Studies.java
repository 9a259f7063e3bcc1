package io.github.recurrent.examples.experiments.figures;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.TrajectoryStudy;
import io.github.recurrent.examples.experiments.models.Exported;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;

/** How models of depth extrapolation are analyzed, alike in all figures. */
final class Studies {
  static final int ITERATIONS = 40;

  /** The paper's threshold of the divergence. */
  private static final double DIVERGENCE = 0.01;

  private Studies() {}

  /** Converged alone; what the paper's figures 9 and 10 compare with. */
  static Halting kl() {
    return Halting.kl(DIVERGENCE).atMost(ITERATIONS);
  }

  /**
   * The paper's rule r*; its 3.0 nats for 200 entities are scaled to a vocabulary of fewer.
   *
   * @param entities the number of entities
   */
  static Halting klAndEntropy(int entities) {
    return Halting.klAndEntropy(DIVERGENCE, 3.0 * Math.log(entities) / Math.log(200))
        .atMost(ITERATIONS);
  }

  /** Runs every query once, for sweep, margins, and halting by both rules. */
  static TrajectoryStudy run(Checkpoint checkpoint, Split facts) throws IOException {
    return Exported.ask(
        checkpoint,
        reasoner ->
            TrajectoryStudy.of(reasoner, facts)
                .iterations(1, ITERATIONS)
                .rules(kl(), klAndEntropy(checkpoint.vocabulary().entities()))
                .run());
  }

  /** Returns the words of the rule r* on a vocabulary. */
  static String adaptiveRule(Checkpoint checkpoint) {
    return klAndEntropy(checkpoint.vocabulary().entities()).toString();
  }

  /**
   * Returns the names of the models of the depth extrapolation that are there, as their folders'.
   */
  static ImmutableList<String> models(Places places) throws IOException {
    return places.untilFailure("r1", "r2", "r4", "r6", "dynamic");
  }

  /** Returns a folder's name as a model's, such as {@code R = 4}. */
  static String title(String folder) {
    return folder.startsWith("r") ? "R = " + folder.substring(1) : folder;
  }
}
