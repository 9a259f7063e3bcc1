package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import io.github.recurrent.random.Seed;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShuffledCycleTest {
  private static int[] drawn(ShuffledCycle cycle, int count) {
    return IntStream.range(0, count).map(unused -> cycle.next()).toArray();
  }

  /** Up to no number held: the order is computed. */
  @ParameterizedTest
  @CsvSource({"1, 100", "1, 0", "2, 0", "3, 0", "16, 0", "17, 0", "1000, 1000", "1000, 0"})
  void eachPassHasEveryNumberOnceInAnotherOrder(int bound, int mostHeld) {
    ShuffledCycle cycle = new ShuffledCycle(Seed.of(1), bound, 0, mostHeld);
    int[] first = drawn(cycle, bound);
    int[] second = drawn(cycle, bound);

    assertThat(first).containsExactlyInAnyOrder(IntStream.range(0, bound).toArray());
    assertThat(second).containsExactlyInAnyOrder(first);
    if (bound > 16) {
      assertThat(second).isNotEqualTo(first);
      assertThat(drawn(new ShuffledCycle(Seed.of(2), bound, 0, mostHeld), bound))
          .isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000", "1000, 0"})
  void whatIsSkippedChangesNothingElse(int bound, int mostHeld) {
    int[] all = drawn(new ShuffledCycle(Seed.of(1), bound, 0, mostHeld), 2500);

    assertThat(drawn(new ShuffledCycle(Seed.of(1), bound, 1700, mostHeld), 800))
        .isEqualTo(IntStream.of(all).skip(1700).toArray());
  }

  @ParameterizedTest
  @CsvSource({"10000, 10000", "10000, 0", "16384, 0"})
  void theOrderTellsNothingOfTheNumbers(int bound, int mostHeld) {
    int[] drawn = drawn(new ShuffledCycle(Seed.of(3), bound, 0, mostHeld), 1000);

    int[] tenths = new int[10];
    int[] last = new int[4];
    int ascending = 0;
    for (int i = 0; i < drawn.length; i++) {
      tenths[(int) (10L * drawn[i] / bound)]++;
      last[drawn[i] & 3]++;
      ascending += i > 0 && drawn[i] > drawn[i - 1] ? 1 : 0;
    }
    // Five standard deviations.
    assertThat(Ints.asList(tenths)).allSatisfy(count -> assertThat(count).isBetween(53, 147));
    assertThat(Ints.asList(last)).allSatisfy(count -> assertThat(count).isBetween(182, 318));
    assertThat(ascending).isBetween(454, 546);
  }

  /** A training that is resumed by another version of this library goes on with the same facts. */
  @Test
  void theComputedOrderOfASeedStaysWhatItIs() {
    assertThat(drawn(new ShuffledCycle(Seed.of(1), 1000, 0, 0), 8))
        .containsExactly(492, 913, 449, 807, 209, 878, 879, 744);
  }

  /** No more memory than for a few numbers. */
  @ParameterizedTest
  @CsvSource({"2147483647"})
  void theGreatestBoundIsComputed(int bound) {
    int[] drawn = drawn(new ShuffledCycle(Seed.of(1), bound, 0), 1000);

    assertThat(Ints.asList(drawn))
        .doesNotHaveDuplicates()
        .allSatisfy(number -> assertThat(number).isBetween(0, bound - 1));
    assertThat(IntStream.of(drawn).filter(number -> number > bound / 2).count())
        .isBetween(420L, 580L);
  }
}
