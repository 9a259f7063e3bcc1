package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.internal.random.RandomStream;
import io.github.recurrent.random.Seed;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrajectoryTest {
  /** 3 iterations, 2 rows, 4 tokens; the logit names its place as iteration, row, id. */
  private static final Trajectory PLACES =
      Trajectory.of(
          3,
          2,
          4,
          new float[] {
            100, 101, 102, 103, 110, 111, 112, 113, //
            200, 201, 202, 203, 210, 211, 212, 213, //
            300, 301, 302, 303, 310, 311, 312, 313
          });

  @Test
  void logitsLieByIterationThenRowThenToken() {
    assertThat(PLACES.logit(2, 1, 3)).isEqualTo(213);
    assertThat(PLACES.logits(3, 0)).containsExactly(300, 301, 302, 303);
    assertThat(PLACES.mostProbable(1, 1)).isEqualTo(3);
    assertThat(PLACES.iterations()).isEqualTo(3);
    assertThat(PLACES.rows()).isEqualTo(2);
    assertThat(PLACES.vocabularySize()).isEqualTo(4);
  }

  @Test
  void theDistributionIsTheSoftmaxOfTheLogits() {
    assertThat(PLACES.distribution(1, 0).probability(3))
        .isEqualTo(Distribution.ofLogits(PLACES.logits(1, 0)).probability(3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void rowsHaltAtTheFirstIterationThatTheRuleAllows(long seed) {
    UniformRandomProvider random = RandomStream.of(Seed.of(seed));
    int iterations = 9;
    float[] logits = new float[iterations * 3];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextFloat();
    }
    Trajectory trajectory = Trajectory.of(iterations, 1, 3, logits);
    Halting rule = Halting.klAndEntropy(0.03, 1.07).atMost(8).atLeast(1 + random.nextInt(4));

    int halted = trajectory.haltingIteration(0, rule);

    for (int iteration = 2; iteration <= halted; iteration++) {
      Distribution current = trajectory.distribution(iteration, 0);
      boolean converged =
          current.divergenceFrom(trajectory.distribution(iteration - 1, 0))
                  < rule.klThreshold().orElseThrow()
              && current.entropy() < rule.entropyThreshold().orElseThrow();
      assertThat(iteration == 8 || (converged && iteration >= rule.atLeast()))
          .isEqualTo(iteration == halted);
    }
  }

  @Test
  void fixedHaltingHaltsThere() {
    assertThat(PLACES.haltingIteration(0, Halting.fixed(1))).isEqualTo(1);
    assertThat(PLACES.haltingIteration(0, Halting.fixed(3))).isEqualTo(3);
  }

  @Test
  void rulesMayLookOnlyAtWhatThereIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLACES.haltingIteration(0, Halting.hiddenChange(0.1).atMost(3)))
        .withMessageContaining("change of the hidden state < 0.1")
        .withMessageContaining("lacks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLACES.haltingIteration(0, Halting.fixed(2).amongEntities()))
        .withMessageContaining("does not know which tokens are");
    assertThatIllegalStateException()
        .isThrownBy(() -> PLACES.hiddenChange(1, 1))
        .withMessageContaining("no changes");
  }

  @Test
  void changesOfTheHiddenStateLieByIterationThenRow() {
    Vocabulary vocabulary = Vocabulary.ofTokens(List.of("<e_0>", "<r_0>"));
    double[] changes = {9, 9, 0.3, 0.5, 0.1, 0.02};
    Trajectory trajectory = Trajectory.of(vocabulary, 3, 2, new float[18], changes);

    assertThat(trajectory.hiddenChange(2, 1)).isEqualTo(0.5);
    assertThat(trajectory.haltingIteration(0, Halting.hiddenChange(0.4).atMost(3))).isEqualTo(2);
    assertThat(trajectory.haltingIteration(1, Halting.hiddenChange(0.4).atMost(3))).isEqualTo(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trajectory.of(vocabulary, 3, 2, new float[18], new double[5]))
        .withMessageContaining("5 changes of the hidden state for a trajectory of [3, 2]");
  }

  @Test
  void aRuleMayNotAskForMoreIterationsThanThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLACES.haltingIteration(0, Halting.fixed(4)))
        .withMessageContaining("allows 4 iterations, but the trajectory has 3");
  }

  @ParameterizedTest
  @CsvSource({"0", "4", "-1"})
  void iterationsOutsideAreNamed(int iteration) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLACES.logits(iteration, 0))
        .withMessageContaining("from 1 to 3, but is " + iteration);
  }

  @Test
  void rowsAndIdsOutsideAreNamed() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> PLACES.logits(1, 2))
        .withMessageContaining("row (2)");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> PLACES.logit(1, 0, 4))
        .withMessageContaining("id (4)");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 4, sizes must be at least 1",
    "3, 0, 4, sizes must be at least 1",
    "3, 2, 0, sizes must be at least 1",
    "3, 2, 5, '24 logits for a trajectory of [3, 2, 5]'",
    "65536, 65536, 1, 24 logits for a trajectory of"
  })
  void sizesMustBeThoseOfTheLogits(int iterations, int rows, int vocabulary, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Trajectory.of(iterations, rows, vocabulary, new float[24]))
        .withMessageContaining(message);
  }
}
