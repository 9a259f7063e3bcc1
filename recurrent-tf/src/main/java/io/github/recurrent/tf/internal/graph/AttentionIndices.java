package io.github.recurrent.tf.internal.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How one attention moves between packed tokens and heads.
 *
 * @param queries rows of {@code [tokens · 3 · heads, head width]} that form {@code [heads, rows,
 *     attending, head width]}
 * @param keysAndValues rows of the same that form {@code [2, heads, rows, length, head width]}
 * @param results rows of the heads' results that form {@code [attending tokens, heads, head width]}
 * @param resultGradients rows of {@code [attending tokens · heads, head width]} that form the
 *     gradient of the heads' results
 * @param inputGradients for each row of the stacked gradients of queries, keys and values, the row
 *     of {@code [tokens · 3 · heads, head width]} it is added to; −1 for none
 * @param inputGradientCount how many rows that are
 * @param mask {@code [1 or heads, rows, attending, length]}: what is added to the scores
 * @param attends {@code [rows, attending, 1]}: 1 for a token where it first stands, 0 elsewhere
 * @param shape the rows and the attending tokens of each, a vector of two
 */
record AttentionIndices(
    Operand<TInt32> queries,
    Operand<TInt32> keysAndValues,
    Operand<TInt32> results,
    Operand<TInt32> resultGradients,
    Operand<TInt32> inputGradients,
    Operand<TInt32> inputGradientCount,
    Operand<TFloat32> mask,
    Operand<TFloat32> attends,
    Operand<TInt32> shape) {}
