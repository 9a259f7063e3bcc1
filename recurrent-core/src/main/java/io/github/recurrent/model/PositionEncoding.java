package io.github.recurrent.model;

import static com.google.common.base.Preconditions.checkArgument;

/** How a model marks the positions of its tokens (paper §3 and §4). */
public enum PositionEncoding {
  /** No positions at all (NoPE); the paper's choice for depth extrapolation. */
  NONE,
  /** A learned embedding per position; the paper's choice for two-hop composition. */
  LEARNED,
  /** Fixed sines and cosines of geometrically spaced wavelengths, added to the embeddings. */
  SINUSOIDAL;

  private static final double LONGEST_WAVELENGTH = 10_000;

  /**
   * Returns what {@link #SINUSOIDAL} adds to the token embeddings: column 2i is {@code sin(p /
   * 10000^(2i/width))} at position p, column 2i + 1 the cosine of the same.
   *
   * @return {@code [positions, width]} in row-major order
   * @throws IllegalArgumentException unless there is a position and the width is positive and even
   */
  public static float[] sinusoids(int positions, int width) {
    checkArgument(positions >= 1, "positions must be at least 1, but are %s", positions);
    checkArgument(
        width >= 2 && width % 2 == 0, "width must be positive and even, but is %s", width);
    float[] values = new float[Math.multiplyExact(positions, width)];
    for (int position = 0; position < positions; position++) {
      for (int column = 0; column < width; column += 2) {
        double angle = position / Math.pow(LONGEST_WAVELENGTH, (double) column / width);
        values[position * width + column] = (float) Math.sin(angle);
        values[position * width + column + 1] = (float) Math.cos(angle);
      }
    }
    return values;
  }
}
