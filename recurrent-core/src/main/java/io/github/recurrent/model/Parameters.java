package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * The values of all parameters of a model, by their published names, as 32-bit floats in row-major
 * order. Linear weights are {@code [inputs, outputs]}: y = xW + b. Immutable and thread-safe.
 */
public final class Parameters {
  private final ImmutableMap<String, Shape> shapes;
  private final ImmutableMap<String, float[]> values;

  private Parameters(ImmutableMap<String, Shape> shapes, ImmutableMap<String, float[]> values) {
    this.shapes = shapes;
    this.values = values;
  }

  /**
   * Returns the parameters with the given values, which are copied.
   *
   * @throws IllegalArgumentException if the names or the numbers of values are not those of the
   *     model's {@link RecurrentDepthTransformer#parameterShapes()}
   */
  public static Parameters of(RecurrentDepthTransformer model, Map<String, float[]> values) {
    ImmutableMap<String, Shape> shapes = model.parameterShapes();
    checkArgument(
        values.keySet().containsAll(shapes.keySet()),
        "missing parameters: %s",
        Sets.difference(shapes.keySet(), values.keySet()));
    checkArgument(
        shapes.keySet().containsAll(values.keySet()),
        "the model has no parameters %s",
        Sets.difference(values.keySet(), shapes.keySet()));
    ImmutableMap.Builder<String, float[]> copies = ImmutableMap.builder();
    values.forEach(
        (name, array) -> {
          Shape shape = shapes.get(name);
          checkArgument(
              shape != null && array.length == shape.size(),
              "%s has %s values, but its shape is %s",
              name,
              array.length,
              shape);
          copies.put(name, array.clone());
        });
    return new Parameters(shapes, copies.buildOrThrow());
  }

  /**
   * Draws parameters as the model's {@link RecurrentDepthTransformer#initialization()} says; each
   * from a stream of its own, so that equal seeds give equal values.
   */
  public static Parameters initialize(RecurrentDepthTransformer model, Seed seed) {
    ImmutableMap<String, Shape> shapes = model.parameterShapes();
    ImmutableMap.Builder<String, float[]> drawn = ImmutableMap.builder();
    shapes.forEach(
        (name, shape) ->
            drawn.put(name, draw(model.initialization(), name, shape, seed.child(name))));
    return new Parameters(shapes, drawn.buildOrThrow());
  }

  private static float[] draw(Initialization initialization, String name, Shape shape, Seed seed) {
    float[] values = new float[shape.size()];
    if (name.endsWith(".bias")) {
      return values;
    }
    if (shape.rank() == 1) {
      Arrays.fill(values, 1);
      return values;
    }
    double deviation =
        name.endsWith("_embedding.weight")
            ? initialization.embeddingStandardDeviation()
            : name.endsWith(".c_proj.weight")
                ? initialization.linearStandardDeviation() * initialization.projectionScale()
                : initialization.linearStandardDeviation();
    if (deviation == 0) {
      return values;
    }
    SharedStateContinuousSampler normal =
        ZigguratSampler.NormalizedGaussian.of(RandomStream.of(seed));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * normal.sample());
    }
    return values;
  }

  /** Returns the shape of every parameter by name, in a stable order. */
  public ImmutableMap<String, Shape> shapes() {
    return shapes;
  }

  /**
   * Returns a read-only view of a parameter's values.
   *
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  public FloatBuffer values(String name) {
    float[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no parameter \"" + name + "\"; there are " + shapes.keySet());
    }
    return FloatBuffer.wrap(found).asReadOnlyBuffer();
  }

  /**
   * Checks that all values are numbers that a model can compute with.
   *
   * @throws IllegalArgumentException if one is NaN or infinite; the message names the parameter and
   *     the value's index in it
   */
  public void requireFinite() {
    shapes.forEach(
        (name, shape) -> {
          FloatBuffer parameter = values(name);
          for (int i = 0; i < parameter.limit(); i++) {
            float value = parameter.get(i);
            checkArgument(
                Float.isFinite(value),
                "%s is %s at index %s, but must be a finite number",
                name,
                value,
                index(shape, i));
          }
        });
  }

  private static List<Integer> index(Shape shape, int rowMajor) {
    int[] index = new int[shape.rank()];
    int rest = rowMajor;
    for (int dimension = shape.rank() - 1; dimension >= 0; dimension--) {
      index[dimension] = rest % shape.size(dimension);
      rest /= shape.size(dimension);
    }
    return Ints.asList(index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters that
        && shapes.equals(that.shapes)
        && shapes.keySet().stream()
            .allMatch(name -> values(name).mismatch(that.values(name)) == -1);
  }

  @Override
  public int hashCode() {
    int hash = shapes.hashCode();
    for (float[] parameter : values.values()) {
      hash = 31 * hash + Arrays.hashCode(parameter);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Parameters" + shapes;
  }

  /** The sizes of a tensor's dimensions, outermost first. Immutable and thread-safe. */
  public static final class Shape {
    private final ImmutableIntArray sizes;

    private Shape(ImmutableIntArray sizes) {
      this.sizes = sizes;
    }

    /**
     * Returns the shape with the given sizes.
     *
     * @throws IllegalArgumentException if a size is negative or the tensor had more than 2³¹−1
     *     values
     */
    public static Shape of(int... sizes) {
      long values = 1;
      for (int size : sizes) {
        checkArgument(size >= 0, "sizes must not be negative: %s", ImmutableIntArray.copyOf(sizes));
        values = Math.multiplyExact(values, (long) size);
        checkArgument(
            values <= Integer.MAX_VALUE,
            "a tensor of shape %s has too many values",
            ImmutableIntArray.copyOf(sizes));
      }
      return new Shape(ImmutableIntArray.copyOf(sizes));
    }

    /** Returns the number of dimensions. */
    public int rank() {
      return sizes.length();
    }

    /** Returns the size of a dimension. */
    public int size(int dimension) {
      return sizes.get(dimension);
    }

    /** Returns the number of values, the product of all sizes. */
    public int size() {
      return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /** Returns the sizes, outermost dimension first. */
    public int[] toArray() {
      return sizes.toArray();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Shape that && sizes.equals(that.sizes);
    }

    @Override
    public int hashCode() {
      return sizes.hashCode();
    }

    /** Returns the sizes in brackets, such as {@code [217, 768]}. */
    @Override
    public String toString() {
      return sizes.toString();
    }
  }
}
