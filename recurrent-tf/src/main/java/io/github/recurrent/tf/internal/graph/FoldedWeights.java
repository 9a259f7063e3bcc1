package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Weights as the blocks use them, made once from the parameters for all iterations.
 *
 * <p>Only layer norms read the hidden state, and they take its mean away. So what is written to it
 * can be centered beforehand in the weights, and a layer norm is left with one division by the root
 * mean square; its scale and shift, the attention's scale and a constant of GELU go into the next
 * weights.
 *
 * @param embedding {@code [vocabulary, width]}, rows centered
 * @param positions {@code [positions, width]}, rows centered; empty without positions
 * @param head {@code [vocabulary, width]}
 * @param headBias {@code [vocabulary]}
 * @param blocks the blocks of the stack
 */
record FoldedWeights(
    Operand<TFloat32> embedding,
    Optional<Operand<TFloat32>> positions,
    Operand<TFloat32> head,
    Operand<TFloat32> headBias,
    ImmutableList<FoldedBlock> blocks) {

  /**
   * One block's weights, {@code [inputs, outputs]}, and biases.
   *
   * @param attention into queries, keys and values, {@code [width, 3 · width]}
   * @param attentionOut {@code [width, width]}
   * @param mlp {@code [width, 4 · width]}
   * @param mlpOut {@code [4 · width, width]}
   */
  record FoldedBlock(Linear attention, Linear attentionOut, Linear mlp, Linear mlpOut) {
    private FoldedBlock map(UnaryOperator<Operand<TFloat32>> replacement) {
      return new FoldedBlock(
          attention.map(replacement),
          attentionOut.map(replacement),
          mlp.map(replacement),
          mlpOut.map(replacement));
    }
  }

  /** The weights and biases of a linear layer. */
  record Linear(Operand<TFloat32> weights, Operand<TFloat32> bias) {
    private Linear map(UnaryOperator<Operand<TFloat32>> replacement) {
      return new Linear(replacement.apply(weights), replacement.apply(bias));
    }
  }

  /** Returns the embeddings of a batch's tokens, {@code [tokens, width]}. */
  Operand<TFloat32> embed(Kernels kernels, BatchInputs batch) {
    Operand<TFloat32> tokens = kernels.rows(embedding, batch.ids());
    return positions
        .<Operand<TFloat32>>map(
            table -> kernels.tf().math.add(tokens, kernels.rows(table, batch.positions())))
        .orElse(tokens);
  }

  /** Returns the same weights with each tensor replaced. */
  FoldedWeights map(UnaryOperator<Operand<TFloat32>> replacement) {
    return new FoldedWeights(
        replacement.apply(embedding),
        positions.map(replacement),
        replacement.apply(head),
        replacement.apply(headBias),
        blocks.stream()
            .map(block -> block.map(replacement))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns all tensors in a fixed order. */
  ImmutableList<Operand<TFloat32>> all() {
    ImmutableList.Builder<Operand<TFloat32>> all = ImmutableList.builder();
    all.add(embedding);
    positions.ifPresent(all::add);
    all.add(head).add(headBias);
    for (FoldedBlock block : blocks) {
      for (Linear linear :
          ImmutableList.of(block.attention(), block.attentionOut(), block.mlp(), block.mlpOut())) {
        all.add(linear.weights()).add(linear.bias());
      }
    }
    return all.build();
  }
}
