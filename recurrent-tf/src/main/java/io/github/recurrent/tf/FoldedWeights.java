package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Weights as the blocks use them, made once from the parameters for all iterations.
 *
 * <p>Only layer norms read the hidden state, and they take its mean away. So what is written to it
 * can be centred beforehand in the weights, and a layer norm is left with one division by the root
 * mean square; its scale and shift, the attention's scale and a constant of GELU go into the next
 * weights.
 *
 * @param embedding {@code [vocabulary, width]}, rows centred
 * @param positions {@code [positions, width]}, rows centred; empty without positions
 * @param head {@code [vocabulary, width]}
 * @param headBias {@code [vocabulary]}
 * @param blocks the blocks of the stack
 */
record FoldedWeights(
    Operand<TFloat32> embedding,
    java.util.Optional<Operand<TFloat32>> positions,
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
  record FoldedBlock(Linear attention, Linear attentionOut, Linear mlp, Linear mlpOut) {}

  /** The weights and biases of a linear layer. */
  record Linear(Operand<TFloat32> weights, Operand<TFloat32> bias) {}

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
