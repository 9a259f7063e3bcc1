package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AdamWTest {
  @Test
  void theRateRisesToItsPeakAndOnlyThenFalls() {
    AdamW optimizer = AdamW.builder().learningRate(1).warmupSteps(4).decaySteps(8).build();

    assertThat(rates(optimizer, 10))
        .containsExactly(0.25, 0.5, 0.75, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0);
  }

  @Test
  void withoutWarmupTheRateFallsFromTheFirstUpdateOn() {
    AdamW optimizer = AdamW.builder().learningRate(1).warmupSteps(0).decaySteps(4).build();

    assertThat(rates(optimizer, 5)).containsExactly(1.0, 0.75, 0.5, 0.25, 0.0);
  }

  @Test
  void withoutDecayTheRateStaysAtItsPeak() {
    AdamW optimizer = AdamW.builder().learningRate(1).warmupSteps(2).build();

    assertThat(rates(optimizer, 4)).containsExactly(0.5, 1.0, 1.0, 1.0);
    assertThat(optimizer.learningRateAt(1_000_000)).isEqualTo(1);
  }

  @Test
  void aCooldownBeginsFromTheRateThatAnUnfinishedWarmupHasReached() {
    AdamW optimizer = AdamW.builder().learningRate(1).warmupSteps(8).build();

    assertThat(cooled(optimizer, 4, 6)).containsExactly(0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    assertThat(cooled(optimizer, 9, 2)).containsExactly(1.0, 1.0);
    assertThat(optimizer.cooledRateAt(0, 0)).isEqualTo(optimizer.learningRateAt(0));
  }

  @Test
  void aDecayGoesOnInACooldown() {
    AdamW optimizer = AdamW.builder().learningRate(1).warmupSteps(2).decaySteps(6).build();

    assertThat(cooled(optimizer, 3, 4)).containsExactly(0.75, 0.5, 0.25, 0.0);
  }

  private static double[] cooled(AdamW optimizer, int before, int steps) {
    return LongStream.range(0, steps)
        .mapToDouble(step -> optimizer.cooledRateAt(before + step, step))
        .toArray();
  }

  @Test
  void aDecayThatEndsWithinTheWarmupIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdamW.builder().warmupSteps(5).decaySteps(5).build())
        .withMessageContaining("5 warm-up steps");
  }

  private static double[] rates(AdamW optimizer, int steps) {
    return LongStream.range(0, steps).mapToDouble(optimizer::learningRateAt).toArray();
  }
}
