package io.github.recurrent.tf;

/**
 * Where updates stand in a schedule.
 *
 * @param stage the stage of the curriculum
 * @param epoch the epoch of the stage, from 1
 * @param cooldown whether they come after the last stage
 */
record Place(int stage, int epoch, boolean cooldown) {
  static Place epoch(int stage, int epoch) {
    return new Place(stage, epoch, false);
  }

  /** The cooldown after the last stage counts as a stage of its own. */
  static Place cooldown(int last) {
    return new Place(last + 1, 1, true);
  }

  /** Returns the stage whose facts are trained on: of the cooldown, the last. */
  int trainedStage() {
    return cooldown ? stage - 1 : stage;
  }
}
