package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HaltingTest {
  private static final Distribution SURE = Distribution.ofLogits(new float[] {9, 0, 0, 0});
  private static final Distribution UNSURE = Distribution.ofLogits(new float[4]);
  private static final Halting RULE = Halting.klAndEntropy(0.01, 0.5);

  @Test
  void haltsOnceSettledAndSure() {
    assertThat(RULE.halts(2, SURE, SURE)).isTrue();
  }

  @Test
  void iteratesWhileUnsure() {
    assertThat(RULE.halts(2, UNSURE, UNSURE)).isFalse();
    assertThat(Halting.kl(0.01).halts(2, UNSURE, UNSURE)).isTrue();
  }

  @Test
  void iteratesWhileUnsettled() {
    assertThat(RULE.halts(2, SURE, UNSURE)).isFalse();
  }

  @Test
  void theFirstIterationHasNothingToSettleFrom() {
    assertThat(RULE.halts(1, SURE, SURE)).isFalse();
  }

  @Test
  void iteratesAtLeastAsOftenAsItMust() {
    Halting patient = RULE.atLeast(5);

    assertThat(patient.halts(4, SURE, SURE)).isFalse();
    assertThat(patient.halts(5, SURE, SURE)).isTrue();
  }

  @Test
  void iteratesAtMostAsOftenAsItMay() {
    assertThat(RULE.maxIterations()).isEqualTo(16);
    assertThat(RULE.halts(16, UNSURE, SURE)).isTrue();
    assertThat(RULE.atMost(3).halts(3, UNSURE, SURE)).isTrue();
    assertThat(RULE.atMost(3).halts(2, UNSURE, SURE)).isFalse();
  }

  @Test
  void thresholdsThemselvesDoNotHalt() {
    double entropy = SURE.entropy();
    double kl = SURE.divergenceFrom(UNSURE);

    assertThat(Halting.klAndEntropy(1, entropy).halts(2, SURE, SURE)).isFalse();
    assertThat(Halting.klAndEntropy(1, Math.nextUp(entropy)).halts(2, SURE, SURE)).isTrue();
    assertThat(Halting.kl(kl).halts(2, SURE, UNSURE)).isFalse();
    assertThat(Halting.kl(Math.nextUp(kl)).halts(2, SURE, UNSURE)).isTrue();
  }

  @Test
  void fixedHaltingIgnoresTheDistributions() {
    Halting fixed = Halting.fixed(3);

    assertThat(fixed.isFixed()).isTrue();
    assertThat(fixed.halts(2, SURE, SURE)).isFalse();
    assertThat(fixed.halts(3, UNSURE, SURE)).isTrue();
    assertThat(RULE.isFixed()).isFalse();
  }

  @Test
  void saysWhatItDoes() {
    assertThat(Halting.fixed(4)).hasToString("4 iterations");
    assertThat(RULE).hasToString("KL < 0.01 and entropy < 0.5, 1 to 16 iterations");
    assertThat(Halting.lengthScaled(6)).hasToString("KL < 0.5 and entropy < 5, 1 to 16 iterations");
    assertThat(Halting.kl(0.01)).hasToString("KL < 0.01, 1 to 16 iterations");
    assertThat(Halting.klAndEntropy(0.01, 3 * Math.log(16) / Math.log(200)))
        .hasToString("KL < 0.01 and entropy < 1.57, 1 to 16 iterations");
    assertThat(Halting.klAndEntropy(Double.POSITIVE_INFINITY, 0.5))
        .hasToString("KL < Infinity and entropy < 0.5, 1 to 16 iterations");
  }

  @ParameterizedTest
  @CsvSource({"0, 3, KL", "-1, 3, KL", "NaN, 3, KL", "0.01, 0, entropy", "0.01, NaN, entropy"})
  void thresholdsMustBePositive(double kl, double entropy, String named) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Halting.klAndEntropy(kl, entropy))
        .withMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void thereMustBeAnIteration(int iterations) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Halting.fixed(iterations))
        .withMessageContaining("but are " + iterations);
    assertThatIllegalArgumentException().isThrownBy(() -> RULE.atMost(iterations));
    assertThatIllegalArgumentException().isThrownBy(() -> RULE.atLeast(iterations));
  }

  @Test
  void theLeastMayNotExceedTheMost() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RULE.atLeast(17))
        .withMessageContaining("at least 17")
        .withMessageContaining("at most 16");
  }
}
