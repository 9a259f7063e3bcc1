package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading;
import io.github.recurrent.reasoning.spi.Reading.HiddenChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HaltingTest {
  private static final Distribution SURE = Distribution.ofLogits(new float[] {9, 0, 0, 0});
  private static final Distribution UNSURE = Distribution.ofLogits(new float[4]);
  private static final Halting RULE = Halting.klAndEntropy(0.01, 0.5);

  @Test
  void haltsOnceConvergedAndConfident() {
    assertThat(halt(RULE, SURE, SURE)).isEqualTo(2);
  }

  @Test
  void iteratesWhileUnsure() {
    assertThat(halt(RULE, UNSURE, UNSURE)).isZero();
    assertThat(halt(Halting.kl(0.01), UNSURE, UNSURE)).isEqualTo(2);
  }

  @Test
  void iteratesUntilConverged() {
    assertThat(halt(RULE, UNSURE, SURE)).isZero();
    assertThat(halt(RULE, UNSURE, SURE, SURE)).isEqualTo(3);
    assertThat(halt(Halting.entropy(0.5), UNSURE, SURE)).isEqualTo(2);
  }

  @Test
  void theFirstIterationHasNothingToSettleFrom() {
    assertThat(halt(RULE, SURE)).isZero();
    assertThat(halt(Halting.entropy(0.5), SURE)).isZero();
  }

  @Test
  void iteratesAtLeastAsOftenAsItMust() {
    assertThat(halt(RULE.atLeast(5), Collections.nCopies(9, SURE))).isEqualTo(5);
  }

  @Test
  void iteratesAtMostAsOftenAsItMay() {
    assertThat(RULE.atMost()).isEqualTo(16);
    assertThat(halt(RULE, Collections.nCopies(16, UNSURE))).isEqualTo(16);
    assertThat(halt(RULE.atMost(3), UNSURE, UNSURE, UNSURE)).isEqualTo(3);
    assertThat(halt(RULE.atMost(1), UNSURE)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("watched")
  void aWatcherIsToldOfEveryIterationAndTheRowHaltsAsWithout(Halting halting) {
    List<Distribution> distributions = List.of(UNSURE, UNSURE, SURE, SURE, SURE, SURE);
    List<Integer> told = new ArrayList<>();
    Halting watched =
        halting.watchedBy(
            (iteration, distribution) -> {
              assertThat(distribution).isSameAs(distributions.get(iteration - 1));
              told.add(iteration);
            });
    HaltingRow row = watched.row();

    int halted = halt(watched, distributions);

    assertThat(halted).isPositive().isEqualTo(halt(halting, distributions));
    assertThat(told).isEqualTo(IntStream.rangeClosed(1, halted).boxed().toList());
    assertThat(row.unread()).isZero();
    assertThat(watched.isPortable()).isFalse();
    assertThat(watched).hasToString(halting.toString());
  }

  private static Stream<Halting> watched() {
    return Stream.of(
        RULE,
        RULE.atLeast(5),
        Halting.fixed(4),
        Halting.fixed(1),
        Halting.entropy(0.5).atMost(3),
        Halting.stableAnswer(2).atLeast(4),
        Halting.rule("the third", history -> history.size() == 3));
  }

  @Test
  void aRowThatHasHaltedIsNotIteratedAgain() {
    HaltingRow row = Halting.fixed(1).row();
    row.halts(SURE);

    assertThatIllegalStateException()
        .isThrownBy(() -> row.halts(SURE))
        .withMessageContaining("after 1 iterations");
  }

  @Test
  void thresholdsThemselvesDoNotHalt() {
    double entropy = SURE.entropy();
    double kl = SURE.divergenceFrom(UNSURE);

    assertThat(halt(Halting.klAndEntropy(1, entropy), SURE, SURE)).isZero();
    assertThat(halt(Halting.klAndEntropy(1, Math.nextUp(entropy)), SURE, SURE)).isEqualTo(2);
    assertThat(halt(Halting.kl(kl), UNSURE, SURE)).isZero();
    assertThat(halt(Halting.kl(Math.nextUp(kl)), UNSURE, SURE)).isEqualTo(2);
  }

  @Test
  void fixedHaltingIgnoresTheDistributions() {
    Halting fixed = Halting.fixed(3);

    assertThat(fixed.isFixed()).isTrue();
    assertThat(halt(fixed, SURE, SURE, UNSURE)).isEqualTo(3);
    assertThat(RULE.isFixed()).isFalse();
  }

  @Test
  void aStableAnswerIsTheMostProbableOneSeveralTimesInARow() {
    Distribution other = Distribution.ofLogits(new float[] {0, 1, 0, 0});
    Halting stable = Halting.stableAnswer(3);

    assertThat(stable.isFixed()).isFalse();
    assertThat(halt(stable, SURE, SURE, other, SURE, SURE, SURE)).isEqualTo(6);
    assertThat(halt(stable, SURE, UNSURE, SURE)).isEqualTo(3);
    assertThat(halt(stable.atLeast(5), Collections.nCopies(9, SURE))).isEqualTo(5);
    assertThat(halt(stable.atMost(2), SURE, other)).isEqualTo(2);
    assertThat(stable).hasToString("the same answer 3 times, 1 to 16 iterations");
    assertThat(halt(Halting.stableAnswer(2), SURE, SURE)).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Halting.stableAnswer(1))
        .withMessageContaining("at least 2");
  }

  @Test
  void aRuleOfOnesOwnSeesAllIterationsSoFar() {
    Halting rule =
        Halting.rule(
            "more confident than at first",
            history -> history.get(history.size() - 1).entropy() < history.get(0).entropy() / 2);

    assertThat(halt(rule, UNSURE, UNSURE, SURE)).isEqualTo(3);
    assertThat(halt(rule, SURE, UNSURE, SURE)).isZero();
    assertThat(rule).hasToString("more confident than at first, 1 to 16 iterations");
  }

  @Test
  void aRuleOfOnesOwnIsFirstAskedWhereItMayHalt() {
    List<Integer> asked = new ArrayList<>();
    Halting rule =
        Halting.rule(
            "any",
            history -> {
              asked.add(history.size());
              return true;
            });

    assertThat(halt(rule, SURE, SURE, SURE)).isEqualTo(2);
    assertThat(halt(rule.atLeast(4), Collections.nCopies(9, SURE))).isEqualTo(4);
    assertThat(asked).containsExactly(2, 4);
  }

  @Test
  void theShortestQueryWhoseLengthScalesAThresholdHasTwoTokens() {
    assertThat(Halting.lengthScaled(2).entropyThreshold()).hasValue(9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Halting.lengthScaled(1))
        .withMessageContaining("at least 2 tokens, but the length is 1");
  }

  @Test
  void iterationsAreNotTakenBack() {
    HaltingRow row = Halting.fixed(4).row();
    row.skip(2);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> row.skip(-1))
        .withMessageContaining("not be negative, but are -1");
    assertThat(row.iterations()).isEqualTo(2);
  }

  @Test
  void aSmallChangeOfTheHiddenStateHalts() {
    Halting rule = Halting.hiddenChange(0.1);

    assertThat(rule.looksAtHiddenState()).isTrue();
    assertThat(RULE.looksAtHiddenState()).isFalse();
    assertThat(halt(rule, Double.POSITIVE_INFINITY, 0.3, 0.1, 0.05)).isEqualTo(4);
    assertThat(halt(rule, 0.01, 0.01)).isEqualTo(2);
    assertThat(halt(rule.atLeast(3), 0.01, 0.01, 0.3, 0.01)).isEqualTo(4);
    assertThat(rule).hasToString("change of the hidden state < 0.1, 1 to 16 iterations");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Halting.hiddenChange(0))
        .withMessageContaining("positive, but is 0");
    assertThatIllegalStateException()
        .isThrownBy(() -> halt(rule, SURE, SURE))
        .withMessageContaining("change of the hidden state");
  }

  private static int halt(Halting halting, double... changes) {
    HaltingRow row = halting.row();
    for (double change : changes) {
      Reading reading = Reading.ofEveryToken(new float[4], 0, 4, OptionalDouble.of(change));
      if (row.halts(reading)) {
        return row.iterations();
      }
    }
    return 0;
  }

  @Test
  void theHiddenStateIsComparedWithoutItsMean() {
    HiddenChange change = new HiddenChange();

    assertThat(change.next(new float[] {9, 9, 1, 5}, 1, 2)).isPositive().isInfinite();
    assertThat(change.next(new float[] {2, 6}, 0, 2)).isZero();
    assertThat(change.next(new float[] {1, 7}, 0, 2)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void onlyIterationsThatARuleLooksAtAreRead() {
    assertThat(firstRead(Halting.fixed(7))).isEqualTo(7);
    assertThat(firstRead(Halting.kl(0.1))).isEqualTo(1);
    assertThat(firstRead(Halting.kl(0.1).atLeast(5))).isEqualTo(4);
    assertThat(firstRead(Halting.kl(0.1).atLeast(5).atMost(5))).isEqualTo(5);
    assertThat(firstRead(Halting.hiddenChange(0.1).atLeast(5))).isEqualTo(4);
    assertThat(firstRead(Halting.entropy(0.1))).isEqualTo(2);
    assertThat(firstRead(Halting.entropy(0.1).atLeast(5))).isEqualTo(5);
    assertThat(firstRead(Halting.stableAnswer(3))).isEqualTo(1);
    assertThat(firstRead(Halting.stableAnswer(3).atLeast(5))).isEqualTo(3);
    assertThat(firstRead(Halting.rule("own", history -> true).atLeast(5))).isEqualTo(1);
  }

  private static int firstRead(Halting halting) {
    HaltingRow row = halting.row();
    int unread = row.unread();
    assertThatIllegalStateException()
        .isThrownBy(() -> row.skip(unread + 1))
        .withMessageContaining("iteration " + (unread + 1))
        .withMessageContaining("must be read");
    assertThat(row.iterations()).isZero();
    row.skip(unread);
    assertThat(row.unread()).isZero();
    return row.iterations() + 1;
  }

  @Test
  void skippedIterationsChangeNothing() {
    Halting rule = Halting.klAndEntropy(0.01, 0.5).atLeast(5);
    HaltingRow row = rule.row();
    row.skip(1);
    row.skip(2);

    assertThat(row.halts(SURE)).isFalse();
    assertThat(row.halts(SURE)).isTrue();
    assertThat(row.iterations()).isEqualTo(5);
  }

  @Test
  void aRuleAmongEntitiesSaysSo() {
    assertThat(RULE.amongEntities().isAmongEntities()).isTrue();
    assertThat(RULE.amongEntities().atMost(4).isAmongEntities()).isTrue();
    assertThat(RULE.isAmongEntities()).isFalse();
    assertThat(Halting.fixed(2).amongEntities()).hasToString("2 iterations, among entities");
  }

  /** Returns the iteration at which a row halts; 0 if it does not. */
  private static int halt(Halting halting, Distribution... distributions) {
    return halt(halting, List.of(distributions));
  }

  private static int halt(Halting halting, List<Distribution> distributions) {
    HaltingRow row = halting.row();
    for (Distribution distribution : distributions) {
      if (row.halts(distribution)) {
        return row.iterations();
      }
    }
    return 0;
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
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RULE.atMost(iterations))
        .withMessageContaining("but are " + iterations);
    assertThatIllegalArgumentException().isThrownBy(() -> RULE.atLeast(iterations));
  }

  /** Every rule that takes bounds. */
  static Stream<Halting> rulesWithBounds() {
    return Stream.of(
        Halting.klAndEntropy(0.01, 3),
        Halting.kl(0.01),
        Halting.entropy(0.5),
        Halting.lengthScaled(4),
        Halting.stableAnswer(3),
        Halting.hiddenChange(0.03),
        Halting.rule("own", history -> true),
        Halting.kl(0.01).amongEntities());
  }

  @ParameterizedTest
  @MethodSource("rulesWithBounds")
  void boundsMeanTheSameInEitherOrder(Halting rule) {
    int[] bounds = {1, 2, 15, 16, 17, 20, 40};
    for (int least : bounds) {
      for (int most : bounds) {
        if (least <= most) {
          Halting bounded = rule.atLeast(least).atMost(most);

          assertThat(bounded).isEqualTo(rule.atMost(most).atLeast(least));
          assertThat(bounded.atLeast()).isEqualTo(least);
          assertThat(bounded.atMost()).isEqualTo(most);
        } else {
          assertRefused(() -> rule.atLeast(least).atMost(most), least, most);
          assertRefused(() -> rule.atMost(most).atLeast(least), least, most);
        }
      }
    }
  }

  private static void assertRefused(ThrowingCallable bounding, int least, int most) {
    assertThatIllegalArgumentException()
        .isThrownBy(bounding)
        .withMessageContaining("at least " + least)
        .withMessageContaining("at most " + most);
  }

  @ParameterizedTest
  @MethodSource("rulesWithBounds")
  void aBoundThatIsGivenAgainReplacesTheFirst(Halting rule) {
    assertThat(rule.atMost(30).atMost(9)).isEqualTo(rule.atMost(9));
    assertThat(rule.atLeast(9).atLeast(3)).isEqualTo(rule.atLeast(3));
    assertThat(rule.atLeast(5).atMost(5).atMost(9)).isEqualTo(rule.atMost(9).atLeast(5));
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "15, 16", "16, 32", "20, 36"})
  void aLeastNumberAloneLeavesTheRuleSomethingToDecide(int least, int most) {
    assertThat(RULE.atLeast(least).atMost()).isEqualTo(most);
    assertThat(RULE.atLeast(least).isFixed()).isFalse();
    assertThat(RULE.atLeast(least)).isEqualTo(RULE.atLeast(least).atMost(most));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 40})
  void aFixedNumberTakesNoBounds(int bound) {
    for (Halting fixed : List.of(Halting.fixed(8), Halting.fixed(8).amongEntities())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fixed.atMost(bound))
          .withMessageContaining("fixed(8) always runs 8 iterations")
          .withMessageContaining("atMost(" + bound + ")");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fixed.atLeast(bound))
          .withMessageContaining("atLeast(" + bound + ")");
    }
  }
}
