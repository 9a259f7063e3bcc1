package io.github.recurrent.reasoning;

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
}
