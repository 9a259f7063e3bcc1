package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Collects the gradients of weights that are used in many places. */
final class GradientSums {
  private final ListMultimap<Operand<TFloat32>, Operand<TFloat32>> parts =
      MultimapBuilder.linkedHashKeys().arrayListValues().build();
  private final Ops tf;

  GradientSums(Ops tf) {
    this.tf = tf;
  }

  void add(Operand<TFloat32> weight, Operand<TFloat32> gradient) {
    parts.put(weight, gradient);
  }

  boolean contains(Operand<TFloat32> weight) {
    return parts.containsKey(weight);
  }

  /** Returns the sum of the gradients of a weight. */
  Operand<TFloat32> sum(Operand<TFloat32> weight) {
    List<Operand<TFloat32>> found = parts.get(weight);
    return found.size() == 1 ? found.get(0) : tf.math.addN(ImmutableList.copyOf(found));
  }
}
