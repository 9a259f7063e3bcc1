package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;

/** The sizes of a tensor's dimensions, outermost first. Immutable and thread-safe. */
public final class Shape {
  private final ImmutableIntArray sizes;

  private Shape(ImmutableIntArray sizes) {
    this.sizes = sizes;
  }

  /**
   * Returns the shape with the given sizes.
   *
   * @throws IllegalArgumentException if a size is negative or the tensor had more than 2³¹−1 values
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
