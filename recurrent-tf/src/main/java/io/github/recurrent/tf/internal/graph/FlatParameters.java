package io.github.recurrent.tf.internal.graph;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** All parameters of a model one after another in one vector, in the order of their shapes. */
final class FlatParameters {
  private FlatParameters() {}

  /** Returns the parameters' values one after another. */
  static float[] flatten(RecurrentDepthTransformer model, Parameters parameters) {
    float[] flat = new float[Math.toIntExact(model.parameterCount())];
    int offset = 0;
    for (Map.Entry<String, Shape> parameter : model.parameterShapes().entrySet()) {
      int size = parameter.getValue().size();
      parameters.values(parameter.getKey()).get(flat, offset, size);
      offset += size;
    }
    return flat;
  }

  /** Returns the parameters with values from a vector. */
  static Parameters unflatten(RecurrentDepthTransformer model, float[] flat) {
    ImmutableMap.Builder<String, float[]> values = ImmutableMap.builder();
    int offset = 0;
    for (Map.Entry<String, Shape> parameter : model.parameterShapes().entrySet()) {
      int size = parameter.getValue().size();
      values.put(parameter.getKey(), Arrays.copyOfRange(flat, offset, offset + size));
      offset += size;
    }
    return Parameters.of(model, values.buildOrThrow());
  }

  /** Returns the parameters, by name and in their shapes, of a vector in a graph. */
  static ImmutableMap<String, Operand<TFloat32>> split(
      RecurrentDepthTransformer model, Ops tf, Operand<TFloat32> flat) {
    ImmutableMap.Builder<String, Operand<TFloat32>> parameters = ImmutableMap.builder();
    int offset = 0;
    for (Map.Entry<String, Shape> parameter : model.parameterShapes().entrySet()) {
      int size = parameter.getValue().size();
      parameters.put(
          parameter.getKey(),
          tf.reshape(
              tf.slice(flat, tf.constant(new int[] {offset}), tf.constant(new int[] {size})),
              tf.constant(parameter.getValue().toArray())));
      offset += size;
    }
    return parameters.buildOrThrow();
  }
}
