package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DistributionTest {
  private static final double EXACT = 1e-12;

  @Test
  void probabilitiesAreTheSoftmaxOfTheLogits() {
    Distribution distribution = Distribution.ofLogits(new float[] {0, 1, -2});
    double sum = 1 + Math.E + Math.exp(-2);

    assertThat(distribution.size()).isEqualTo(3);
    assertThat(distribution.probability(1)).isCloseTo(Math.E / sum, within(EXACT));
    assertThat(distribution.logProbability(2)).isCloseTo(-2 - Math.log(sum), within(EXACT));
    assertThat(distribution.mostProbable()).isEqualTo(1);
  }

  @Test
  void largeLogitsDoNotOverflow() {
    Distribution distribution = Distribution.ofLogits(new float[] {3e38f, 3e38f, -3e38f});

    assertThat(distribution.probability(0)).isCloseTo(0.5, within(EXACT));
    assertThat(distribution.probability(2)).isZero();
    assertThat(distribution.entropy()).isCloseTo(Math.log(2), within(EXACT));
  }

  @Test
  void theLeastIdIsMostProbableAmongEquals() {
    assertThat(Distribution.ofLogits(new float[] {1, 2, 2}).mostProbable()).isEqualTo(1);
  }

  @Test
  void entropyOfTheUniformDistributionIsTheLogarithmOfItsSize() {
    assertThat(Distribution.ofLogits(new float[200]).entropy())
        .isCloseTo(Math.log(200), within(EXACT));
  }

  @Test
  void divergenceIsTheTextbooks() {
    Distribution p = Distribution.ofLogits(new float[] {(float) Math.log(3), 0});
    Distribution uniform = Distribution.ofLogits(new float[2]);

    assertThat(p.divergenceFrom(uniform))
        .isCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), within(1e-7));
    assertThat(uniform.divergenceFrom(p))
        .isCloseTo(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(2), within(1e-7));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyDistributionSumsToOneAndDivergesFromNoneButOthers(long seed) {
    UniformRandomProvider random = RandomStream.of(Seed.of(seed));
    Distribution one = Distribution.ofLogits(logits(random));
    Distribution other = Distribution.ofLogits(logits(random));

    assertThat(IntStream.range(0, one.size()).mapToDouble(one::probability).sum())
        .isCloseTo(1, within(EXACT));
    assertThat(one.entropy()).isBetween(0.0, Math.log(one.size()));
    assertThat(one.divergenceFrom(other)).isPositive();
    assertThat(one.divergenceFrom(one)).isZero();
  }

  private static float[] logits(UniformRandomProvider random) {
    float[] logits = new float[40];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = 20 * random.nextFloat() - 10;
    }
    return logits;
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void logitsThatAreNotFiniteAreNamed(float logit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Distribution.ofLogits(new float[] {0, logit}))
        .withMessageContaining("id 1 is " + logit);
  }

  @Test
  void thereMustBeALogit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Distribution.ofLogits(new float[0]));
  }

  @Test
  void distributionsOfOtherSizesDoNotCompare() {
    Distribution two = Distribution.ofLogits(new float[2]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> two.divergenceFrom(Distribution.ofLogits(new float[3])))
        .withMessageContaining("2 and 3");
  }
}
