package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.math.Stats;
import java.util.Arrays;
import java.util.Locale;

/**
 * How values of several runs lie, such as accuracies of several seeds.
 *
 * @param count the number of values
 * @param mean their mean
 * @param standardDeviation their standard deviation as a sample, with {@code count - 1}; 0 for one
 *     value
 * @param min the least
 * @param max the greatest
 */
public record Spread(
    int count,
    double mean,
    @JsonProperty("deviation") double standardDeviation,
    double min,
    double max) {
  /**
   * Returns the spread of values.
   *
   * @throws IllegalArgumentException if there are none, or one is not finite
   */
  public static Spread of(double... values) {
    checkArgument(values.length > 0, "no values to take the mean of");
    checkArgument(
        Arrays.stream(values).allMatch(Double::isFinite),
        "values must be finite, but are %s",
        Arrays.toString(values));
    Stats stats = Stats.of(values);
    return new Spread(
        values.length,
        stats.mean(),
        values.length == 1 ? 0 : stats.sampleStandardDeviation(),
        stats.min(),
        stats.max());
  }

  /** Returns mean and standard deviation with two decimals, such as {@code 0.86 ± 0.04}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f ± %.2f", mean, standardDeviation);
  }
}
