package io.github.recurrent.model;

/** How a model marks the positions of its tokens (paper §3 and §4). */
public enum PositionEncoding {
  /** No positions at all (NoPE); the paper's choice for depth extrapolation. */
  NONE,
  /** A learned embedding per position; the paper's choice for two-hop composition. */
  LEARNED,
  /** Fixed sines and cosines of geometrically spaced wavelengths, added to the embeddings. */
  SINUSOIDAL
}
