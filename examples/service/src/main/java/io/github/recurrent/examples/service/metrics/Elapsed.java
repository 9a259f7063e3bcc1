package io.github.recurrent.examples.service.metrics;

/**
 * How often something happened, and how long all of it took.
 *
 * @param nanoseconds the time of all together
 */
public record Elapsed(long count, long nanoseconds) {
  public static final Elapsed NONE = new Elapsed(0, 0);

  Elapsed plus(Elapsed other) {
    return new Elapsed(count + other.count, nanoseconds + other.nanoseconds);
  }
}
