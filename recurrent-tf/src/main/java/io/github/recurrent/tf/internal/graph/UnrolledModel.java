package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The model unrolled in depth. Numbers of iterations share all nodes but those of their last block,
 * which computes the read tokens only; nodes are made when they are first asked for.
 */
final class UnrolledModel {
  private final RecurrentDepthTransformer model;
  private final Kernels kernels;
  private final Ops tf;
  private final FoldedWeights weights;
  private final BatchInputs batch;
  private final DropoutMasks masks;
  private final DropoutMasks.Dropped embedded;
  private final List<Block> shared = new ArrayList<>();

  UnrolledModel(
      RecurrentDepthTransformer model,
      Kernels kernels,
      FoldedWeights weights,
      BatchInputs batch,
      DropoutMasks masks) {
    this.model = model;
    this.kernels = kernels;
    this.tf = kernels.tf();
    this.weights = weights;
    this.batch = batch;
    this.masks = masks;
    embedded = masks.embedding(weights.embed(kernels, batch));
  }

  /** Returns the model's pass of a number of iterations. */
  Pass pass(int iterations) {
    int last = model.effectiveDepth(iterations) - 1;
    while (shared.size() < last) {
      shared.add(block(shared.size(), false));
    }
    Block reading = block(last, true);
    return new Pass(
        List.copyOf(shared.subList(0, last)),
        reading,
        new Readout(kernels, weights, reading.output()));
  }

  private Block block(int number, boolean readTokensOnly) {
    Operand<TFloat32> input =
        number == 0 ? embedded.centered(kernels) : shared.get(number - 1).output();
    if (injects(number)) {
      input = tf.math.add(input, embedded.centered(kernels));
    }
    return new Block(
        model,
        kernels,
        weights.blocks().get(number % model.layers()),
        batch,
        masks,
        number,
        readTokensOnly,
        input);
  }

  private boolean injects(int number) {
    return model.inputInjection() && number > 0 && number % model.layers() == 0;
  }

  /** A number of iterations, forwards and backwards. */
  final class Pass {
    private final List<Block> blocks;
    private final Block reading;
    private final Readout readout;

    private Pass(List<Block> blocks, Block reading, Readout readout) {
      this.blocks = blocks;
      this.reading = reading;
      this.readout = readout;
    }

    /** Returns the logits, {@code [rows, vocabulary]}. */
    Operand<TFloat32> logits() {
      return readout.logits();
    }

    /** Adds the gradients of the weights to the sums, given that of the logits. */
    void backward(Operand<TFloat32> gradient, GradientSums sums) {
      Operand<TFloat32> state = reading.backward(readout.backward(gradient, sums), sums);
      Optional<Operand<TFloat32>> injected = Optional.empty();
      for (int number = blocks.size(); number > 0; number--) {
        if (injects(number)) {
          injected = Optional.of(plus(injected, state));
        }
        state = blocks.get(number - 1).backward(state, sums);
      }
      Operand<TFloat32> tokens = embedded.backwardCentered(kernels, plus(injected, state));
      sums.add(
          weights.embedding(),
          tf.math.unsortedSegmentSum(tokens, batch.ids(), tf.constant(model.vocabularySize())));
      if (model.positions() == PositionEncoding.LEARNED) {
        sums.add(
            weights.positions().orElseThrow(),
            tf.math.unsortedSegmentSum(
                tokens, batch.positions(), tf.constant(model.maxPositions())));
      }
    }

    private Operand<TFloat32> plus(Optional<Operand<TFloat32>> sum, Operand<TFloat32> more) {
      return sum.<Operand<TFloat32>>map(some -> tf.math.add(some, more)).orElse(more);
    }
  }
}
