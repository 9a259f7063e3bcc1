package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * Hidden states to be put in the place of a run's own: at one position after one effective layer,
 * every row its own state. Immutable and thread-safe.
 */
public final class Patch {
  private final int layer;
  private final int position;
  private final float[] states;

  private Patch(int layer, int position, float[] states) {
    this.layer = layer;
    this.position = position;
    this.states = states;
  }

  /**
   * Returns the patch with the given states, which are copied.
   *
   * @param layer the effective layer after which they are put in; 0 is the embedded tokens
   * @param position the index of the token, from 0, in every row
   * @param states {@code [rows, width]} in row-major order
   * @throws IllegalArgumentException if the effective layer or the position is negative
   */
  public static Patch of(int layer, int position, float[] states) {
    checkArgument(layer >= 0, "the effective layer must be at least 0, but is %s", layer);
    checkArgument(position >= 0, "the position must be at least 0, but is %s", position);
    return new Patch(layer, position, states.clone());
  }

  /**
   * Returns the patch that puts in the states of another run, at the place where they are there.
   *
   * @throws IllegalArgumentException if the run has no such layer or position
   */
  public static Patch from(Trace run, int layer, int position) {
    return new Patch(layer, position, run.states(layer, position));
  }

  /** Returns the effective layer after which the states are put in. */
  public int layer() {
    return layer;
  }

  /** Returns the index of the token in every row. */
  public int position() {
    return position;
  }

  /** Returns a copy of the states, {@code [rows, width]} in row-major order. */
  public float[] states() {
    return states.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Patch that
        && layer == that.layer
        && position == that.position
        && Arrays.equals(states, that.states);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * layer + position) + Arrays.hashCode(states);
  }

  @Override
  public String toString() {
    return "Patch[effective layer " + layer + ", position " + position + "]";
  }
}
