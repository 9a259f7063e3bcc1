package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.random.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecurrenceTest {
  @Test
  void fixedRecurrenceIsAlwaysTheSame() {
    Recurrence recurrence = Recurrence.fixed(4);

    assertThat(recurrence.isDynamic()).isFalse();
    assertThat(recurrence.sample(Seed.of(1))).isEqualTo(4);
    assertThat(recurrence.sample(Seed.of(2))).isEqualTo(4);
    assertThat(recurrence).hasToString("R = 4");
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8", "4, 6, 12", "4, 8, 16", "0.1, 1, 2", "20, 1, 3"})
  void dynamicRecurrenceIsAClippedPoissonDistribution(double lambda, int min, int max) {
    Recurrence recurrence = Recurrence.poisson(lambda).between(min, max);
    int draws = 20_000;
    int[] counts = new int[max + 1];
    for (int draw = 0; draw < draws; draw++) {
      counts[recurrence.sample(Seed.of(2).child("draw", draw))]++;
    }

    assertThat(recurrence.isDynamic()).isTrue();
    double below = 0;
    for (int value = 0; value < max; value++) {
      below += Math.exp(-lambda + value * Math.log(lambda) - logFactorial(value));
      double share = 0;
      for (int drawn = 0; drawn <= value; drawn++) {
        share += (double) counts[drawn] / draws;
      }
      assertThat(share)
          .as("share of at most %s", value)
          .isCloseTo(value < min ? 0 : below, within(value < min ? 1e-12 : 0.015));
    }
  }

  private static double logFactorial(int n) {
    double sum = 0;
    for (int i = 2; i <= n; i++) {
      sum += Math.log(i);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -3})
  void recurrenceIsAtLeastOneIteration(int iterations) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recurrence.fixed(iterations))
        .withMessageContaining(Integer.toString(iterations));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 8, λ must be positive",
    "-1, 2, 8, λ must be positive",
    "NaN, 2, 8, λ must be positive",
    "Infinity, 2, 8, λ must be positive",
    "4, 0, 8, but is 0",
    "4, 8, 8, needs min < max",
    "4, 8, 2, needs min < max",
  })
  void badBoundsAreNamed(double lambda, int min, int max, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Recurrence.poisson(lambda).between(min, max))
        .withMessageContaining(message);
  }
}
