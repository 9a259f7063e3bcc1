package io.github.recurrent.tf;

import io.github.recurrent.checkpoint.Checkpoint.TrainingState;

/**
 * What of a schedule is done, so that a training can go on from there.
 *
 * @param stage the stage of the curriculum
 * @param epochs the number of whole epochs of the stage, each with its evaluation
 * @param updates the number of updates after them, or of the cooldown
 * @param cooldown whether the updates are those after the last stage
 */
record ResumePoint(int stage, int epochs, int updates, boolean cooldown) {
  /** Returns the point after whole epochs of a stage. */
  static ResumePoint epochs(int stage, int epochs) {
    return new ResumePoint(stage, epochs, 0, false);
  }

  /** Returns the point at which the training of a checkpoint goes on. */
  static ResumePoint of(TrainingState state) {
    return new ResumePoint(
        state.stage(),
        state.epoch(),
        state.cooldownStep() > 0 ? state.cooldownStep() : state.epochStep(),
        state.cooldownStep() > 0);
  }

  /** Returns the point after some updates of a place. */
  static ResumePoint updates(Place place, int made) {
    return new ResumePoint(
        place.stage(), place.cooldown() ? 0 : place.epoch() - 1, made, place.cooldown());
  }
}
