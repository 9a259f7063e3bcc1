package io.github.recurrent.reasoning.spi;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.reasoning.Trace;
import io.github.recurrent.reasoning.TracedReasoner.Patch;
import java.util.List;

/** Puts patches into runs, for implementations of {@code TracedReasoner}. */
public final class Patching {
  private Patching() {}

  /**
   * Puts the states of a patch in their place.
   *
   * @param hidden {@code [rows, positions, width]} in row-major order, which is changed
   * @throws IllegalArgumentException if the patch is of no position of the run or of another number
   *     of rows
   */
  public static void put(Patch patch, float[] hidden, Trace run) {
    int width = run.model().width();
    checkArgument(
        patch.position() < run.positions(),
        "a patch at position %s of rows that have %s",
        patch.position(),
        run.positions());
    float[] states = patch.states();
    checkArgument(
        states.length == (long) run.rows() * width,
        "a patch of %s values for %s rows of width %s",
        states.length,
        run.rows(),
        width);
    for (int row = 0; row < run.rows(); row++) {
      System.arraycopy(
          states, row * width, hidden, (row * run.positions() + patch.position()) * width, width);
    }
  }

  /**
   * Returns the least effective layer of patches of a run.
   *
   * @throws IllegalArgumentException if there is no patch, or one is of an effective layer that the
   *     run does not have
   */
  public static int firstLayer(List<Patch> patches, Trace run) {
    checkArgument(!patches.isEmpty(), "no patches are given");
    int first = run.effectiveLayers();
    for (Patch patch : patches) {
      checkArgument(
          patch.layer() <= run.effectiveLayers(),
          "a patch after effective layer %s of a run of %s",
          patch.layer(),
          run.effectiveLayers());
      first = Math.min(first, patch.layer());
    }
    return first;
  }
}
