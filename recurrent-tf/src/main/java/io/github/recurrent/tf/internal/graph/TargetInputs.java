package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.OneHot;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** What a batch's rows are to answer, as the graph takes it. */
final class TargetInputs {
  private final Ops tf;
  private final int vocabularySize;
  private final Operand<TInt32> ids;
  private final Optional<Several> several;

  /** The row and the probability of each id, where a row may have several. */
  private record Several(Operand<TInt32> rows, Operand<TFloat32> shares) {}

  /**
   * @param severalAnswers whether a row may have several
   */
  TargetInputs(Ops tf, int vocabularySize, boolean severalAnswers) {
    this.tf = tf;
    this.vocabularySize = vocabularySize;
    Shape vector = Shape.of(Shape.UNKNOWN_SIZE);
    ids = tf.placeholder(TInt32.class, Placeholder.shape(vector));
    several =
        severalAnswers
            ? Optional.of(
                new Several(
                    tf.placeholder(TInt32.class, Placeholder.shape(vector)),
                    tf.placeholder(TFloat32.class, Placeholder.shape(vector))))
            : Optional.empty();
  }

  /**
   * Returns the probabilities of the tokens, {@code [rows, vocabulary]}.
   *
   * @param smoothing the part of them that all tokens share
   */
  Operand<TFloat32> distribution(Operand<TInt32> rows, float smoothing) {
    if (several.isEmpty()) {
      Operand<TFloat32> off = tf.constant(smoothing / vocabularySize);
      Operand<TFloat32> on = tf.constant(1 - smoothing + smoothing / vocabularySize);
      return tf.oneHot(ids, tf.constant(vocabularySize), on, off, new OneHot.Options[0]);
    }
    Operand<TFloat32> shares =
        tf.scatterNd(
            tf.stack(List.of(several.get().rows(), ids), Stack.axis(1L)),
            tf.math.mul(several.get().shares(), tf.constant(1 - smoothing)),
            tf.stack(List.of(rows, tf.constant(vocabularySize))));
    return smoothing == 0 ? shares : tf.math.add(shares, tf.constant(smoothing / vocabularySize));
  }

  /** Returns the tensors of a batch's targets, which {@link #feed} takes. */
  ImmutableList<Tensor> tensors(Targets targets) {
    ImmutableList.Builder<Tensor> tensors = ImmutableList.builder();
    tensors.add(vector(targets.ids()));
    if (several.isPresent()) {
      float[] shares = targets.shareOfEach();
      tensors
          .add(vector(targets.rowOfEach()))
          .add(TFloat32.tensorOf(Shape.of(shares.length), DataBuffers.of(shares)));
    }
    return tensors.build();
  }

  private static TInt32 vector(int[] values) {
    return TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values));
  }

  void feed(Session.Runner runner, List<Tensor> tensors) {
    runner.feed(ids, tensors.get(0));
    several.ifPresent(
        parts -> runner.feed(parts.rows(), tensors.get(1)).feed(parts.shares(), tensors.get(2)));
  }
}
