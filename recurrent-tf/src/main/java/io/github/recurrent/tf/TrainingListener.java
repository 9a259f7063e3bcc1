package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Duration;

/** Hears of the progress of a training, on the thread that trains. Every method does nothing. */
public interface TrainingListener {
  /**
   * Training begins.
   *
   * @param configuration what is trained and how, by name
   */
  default void started(ImmutableMap<String, String> configuration) {}

  /** A stage begins: facts of at most so many hops are trained on. */
  default void stageStarted(int stage, long step) {}

  /** The stages have passed, and more updates on the last of them begin. */
  default void polishStarted(long step) {}

  /** An update was made. */
  default void stepped(Step step) {}

  /** An epoch ended and the model was evaluated. */
  default void evaluated(Evaluation evaluation) {}

  /** A stage of the curriculum ended with the accuracy it needs. */
  default void stagePassed(int stage, Evaluation evaluation) {}

  /** A checkpoint folder is complete. */
  default void checkpointWritten(Path folder, long step) {}

  /**
   * Training has ended.
   *
   * @param complete whether it came to its end, be it by a stage that did not pass; false if it was
   *     cancelled or interrupted, or failed
   */
  default void finished(long steps, Duration duration, boolean complete) {}

  /**
   * One update.
   *
   * @param number the number of the update, from 1
   * @param stage the stage of the curriculum, the polish being one more; the hops of the longest
   *     facts without a curriculum
   * @param epoch the epoch of the stage, from 1
   * @param stepInEpoch the number of the update in its epoch, from 1
   * @param stepsInEpoch the number of updates of the epoch
   * @param loss the mean loss of the batch, in nats
   * @param learningRate the learning rate of the update
   * @param iterations the number of iterations R of the batch
   * @param examples the number of rows of the batch
   */
  record Step(
      long number,
      int stage,
      int epoch,
      int stepInEpoch,
      int stepsInEpoch,
      double loss,
      double learningRate,
      int iterations,
      int examples) {}

  /**
   * The model at the end of an epoch.
   *
   * @param step the number of updates made
   * @param stage the stage of the curriculum
   * @param epoch the epoch of the stage, from 1
   * @param iterations the number of iterations the answers had
   * @param accuracies the shares of right answers by type of facts, in [0, 1]
   */
  record Evaluation(
      long step, int stage, int epoch, int iterations, ImmutableMap<String, Double> accuracies) {}
}
