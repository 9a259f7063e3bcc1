package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Receives training events, on the thread that trains. Every method does nothing by default.
 *
 * <p>A listener never harms a training. Whatever it throws, be it an {@link Error} such as that of
 * a missing library, is reported once as a warning, by the {@link System.Logger} of this class's
 * name; the training goes on, and all listeners are told what happens next, the one that failed
 * included. A {@link java.util.concurrent.CancellationException} is no exception to this: to stop a
 * training, call {@link io.github.recurrent.tf.Cancellation#cancel()}. Only an {@link
 * OutOfMemoryError} or {@link UnknownError} ends the training; its latest checkpoint is written
 * before, if it can be.
 *
 * <p>While the virtual machine ends, the methods may be called on another thread than before, but
 * never two methods of one listener at once.
 */
public interface TrainingListener {
  /**
   * The name under which a configuration says which of several trainings one after another it is.
   */
  String PART = "part";

  /**
   * Training begins.
   *
   * @param configuration what is trained and how, by name; also, as {@link #PART}, which part of
   *     the whole it is, such as {@code 1 of 2}, if a training comes first
   */
  default void started(ImmutableMap<String, String> configuration) {}

  /** A stage begins: facts of at most so many hops are trained on. */
  default void stageStarted(int stage, long step) {}

  /** The stages have passed, and more updates on the last of them begin. */
  default void cooldownStarted(long step) {}

  /**
   * A stage or the cooldown begins, and may take this long.
   *
   * @param stageEnd the number of its last update, if it never passes or once it is done
   * @param end the number of the last update of the training, if no stage passes before its last
   *     epoch
   */
  default void bounded(long stageEnd, long end) {}

  /** An update was made. */
  default void stepped(Step step) {}

  /** An epoch ended, or some updates of the cooldown, and the model was evaluated. */
  default void evaluated(Evaluation evaluation) {}

  /** A stage of the curriculum ended with the accuracy it needs. */
  default void stagePassed(int stage, Evaluation evaluation) {}

  /**
   * A stage has had all its epochs without the accuracy it needs. The training ends, unless the
   * curriculum goes on after a failure.
   */
  default void stageFailed(StageFailure failure) {}

  /**
   * The facts of an earlier stage are not answered any more as that stage needed it, by more than
   * chance: the accuracy it needs lies above the 99% interval (Wilson's) around the one of the
   * facts that were asked. Told again only after they were.
   *
   * @param stage the stage that had passed
   * @param needed the accuracy it needs more than
   */
  default void stageForgotten(int stage, double needed, Evaluation evaluation) {}

  /** A checkpoint folder is complete. */
  default void checkpointWritten(Path folder, long step) {}

  /**
   * Training has ended.
   *
   * @param complete whether it came to its end, be it by a stage that did not pass; false if it was
   *     cancelled or interrupted, or failed
   */
  default void finished(long steps, Duration duration, boolean complete) {}

  /** Makes the listener of each of several trainings that differ in their seeds. */
  @FunctionalInterface
  interface OfSeed {
    /**
     * Returns a new listener for the training with a seed.
     *
     * @throws IOException if what the listener writes to cannot be opened
     */
    TrainingListener listener(long seed) throws IOException;
  }

  /** Returns the type of the facts that a stage is judged by, as evaluations name it. */
  static String factsOf(int stage) {
    return stage == 1 ? "atomic_facts" : stage + "hop_test";
  }

  /**
   * One update.
   *
   * @param number the number of the update, from 1
   * @param stage the stage of the curriculum, the cooldown being one more; the hops of the longest
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
   * The model at the end of an epoch, or after every 250 updates of a cooldown.
   *
   * @param step the number of updates made
   * @param stage the stage of the curriculum
   * @param epoch the epoch of the stage, from 1
   * @param iterations the number of iterations the answers had
   * @param accuracies the shares of right answers by type of facts, in [0, 1]. By a curriculum,
   *     first that of the stage, on all facts that it is judged by, then those of the stages before
   *     it, each on at most 256 facts; before the end of a cooldown all on at most 256
   */
  record Evaluation(
      long step, int stage, int epoch, int iterations, ImmutableMap<String, Double> accuracies) {}

  /**
   * A stage that did not pass.
   *
   * @param stage the stage of the curriculum
   * @param step the number of updates made
   * @param epochs the number of epochs of the stage
   * @param accuracy the share of right answers at the end, in [0, 1]
   * @param best the greatest share after any epoch of this training, in [0, 1]
   * @param needed the share it needs more than, in (0, 1)
   * @param advice what to try
   */
  record StageFailure(
      int stage,
      long step,
      int epochs,
      double accuracy,
      double best,
      double needed,
      String advice) {}
}
