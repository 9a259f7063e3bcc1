package io.github.recurrent.random;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * A point in the tree of random streams that grows from one root seed.
 *
 * <p>A stream is addressed by the names on the way from the root, so that parts of a run draw
 * independent numbers whatever the order, or the threads, they are executed in. The same root and
 * names give the same numbers on every machine. Immutable and thread-safe.
 */
public final class Seed {
  private final long value;

  private Seed(long value) {
    this.value = value;
  }

  /** Returns the root of a tree of streams. */
  public static Seed of(long root) {
    return new Seed(root);
  }

  /** Returns the seed below this one with the given name. */
  public Seed child(String name) {
    return child(name, 0);
  }

  /** Returns the seed below this one with the given name and index. */
  public Seed child(String name, long index) {
    return new Seed(
        Hashing.murmur3_128()
            .newHasher()
            .putLong(value)
            .putLong(index)
            .putString(name, StandardCharsets.UTF_8)
            .hash()
            .asLong());
  }

  /** Returns this seed as a number, with which any generator can be seeded. */
  public long value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Seed that && value == that.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    return "Seed[" + value + "]";
  }
}
