package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;

/**
 * A reasoner whose hidden states can be seen and changed at every effective layer; what the logit
 * lens (paper fig. 4) and activation patching (paper fig. 11) are made of.
 *
 * <p>Effective layer 0 is the embedded tokens; effective layer n is the n-th block that is run, of
 * L·R in R iterations of a stack of L.
 */
public interface TracedReasoner extends Reasoner {
  /**
   * Runs every query of a batch for the given number of iterations, and keeps all hidden states.
   *
   * <p>They take {@code (L·R + 1) · rows · positions · width} 32-bit floats of memory: trace great
   * batches in parts.
   *
   * @throws IllegalArgumentException if {@code iterations < 1}, the batch is of another vocabulary,
   *     or the model takes no query of its longest's length
   */
  Trace trace(QueryBatch queries, int iterations);

  /**
   * Runs a batch again, with states put in the places of its own as soon as those are computed.
   *
   * <p>Only effective layers after the first patch are computed; the states before it are those of
   * the given run, and so is everything that the patches do not name. A model with input injection
   * goes on adding the embeddings of the batch's own tokens.
   *
   * @param run a run of this model, patched or not; its own patches are not put in again at
   *     effective layers that are computed anew
   * @throws IllegalArgumentException if there is no patch, a patch is of no place of the run or of
   *     another number of rows, or the run is of another model
   */
  Trace patched(Trace run, List<Patch> patches);

  /**
   * Applies the final layer norm and the head to hidden states, whichever effective layer they come
   * from: the logit lens.
   *
   * @param states {@code [n, width]} in row-major order, such as {@link Trace#states}
   * @return {@code [n, vocabulary]} in row-major order
   * @throws IllegalArgumentException if there are none, or a part of one
   */
  float[] logits(float[] states);

  /**
   * Hidden states to be put in the place of a run's own: at one position after one effective layer,
   * every row its own state. Immutable and thread-safe.
   */
  final class Patch {
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
}
