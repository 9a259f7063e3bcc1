package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import org.junit.jupiter.api.Test;

final class AnswerTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<e_1>", "<r_0>"));
  private static final Distribution DISTRIBUTION = Distribution.ofLogits(new float[] {0, 1, 3, 1});
  private static final Answer ANSWER = Answer.of(VOCABULARY, DISTRIBUTION, 4, Halting.kl(0.1));

  @Test
  void theAnswerIsTheMostProbableToken() {
    assertThat(ANSWER.token()).isEqualTo("<e_1>");
    assertThat(ANSWER.tokenId()).isEqualTo(2);
    assertThat(ANSWER.probability()).isEqualTo(DISTRIBUTION.probability(2));
    assertThat(ANSWER.iterations()).isEqualTo(4);
    assertThat(ANSWER.distribution()).isSameAs(DISTRIBUTION);
  }

  @Test
  void candidatesComeBestFirstAndEqualsInOrderOfId() {
    assertThat(ANSWER.top(3))
        .extracting(Answer.Candidate::token)
        .containsExactly("<e_1>", "<e_0>", "<r_0>");
    assertThat(ANSWER.top(9))
        .hasSize(4)
        .satisfies(
            all ->
                assertThat(all.stream().mapToDouble(Answer.Candidate::probability).sum())
                    .isCloseTo(1, within(1e-12)));
  }

  @Test
  void entitiesAreToldByName() {
    Vocabulary names =
        Vocabulary.ofTokens(ImmutableList.of("<e_Ada>", "<e_x &lt; y>", "<r_mother of>", "<a>"));
    Answer answer =
        Answer.of(names, Distribution.ofLogits(new float[] {0, 1, 3, 5, 4}), 1, Halting.kl(0.1));

    assertThat(answer.token()).isEqualTo("<r_mother of>");
    assertThat(answer.entity()).isEqualTo("x < y");
    assertThat(answer.top(4))
        .extracting(Answer.Candidate::name)
        .containsExactly("mother of", "<a>", "x < y", "Ada");
    assertThat(answer.amongEntities().top(9))
        .extracting(Answer.Candidate::name)
        .startsWith("x < y", "Ada");
  }

  @Test
  void saysWhyItHalted() {
    assertThat(ANSWER.cause()).isEqualTo(Answer.Cause.SETTLED);
    assertThat(Answer.of(VOCABULARY, DISTRIBUTION, 16, Halting.kl(0.1)).cause())
        .isEqualTo(Answer.Cause.LIMIT);
    assertThat(Answer.of(VOCABULARY, DISTRIBUTION, 3, Answer.Cause.DEADLINE).cause())
        .isEqualTo(Answer.Cause.DEADLINE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Answer.of(VOCABULARY, DISTRIBUTION, 17, Halting.kl(0.1)))
        .withMessageContaining("at most 16, but are 17");
  }

  @Test
  void entitiesAloneShareTheProbability() {
    Distribution relationFirst = Distribution.ofLogits(new float[] {0, 1, 3, 5});
    Answer entity = Answer.of(VOCABULARY, relationFirst, 4, Halting.kl(0.1)).amongEntities();

    assertThat(entity.token()).isEqualTo("<e_1>");
    assertThat(entity.probability()).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-12));
    assertThat(entity.distribution().probability(0)).isZero();
    assertThat(entity.distribution().probability(3)).isZero();
    assertThat(entity.iterations()).isEqualTo(4);
    double p = entity.probability();
    assertThat(entity.entropy())
        .isCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), within(1e-12));
    assertThat(entity.distribution().divergenceFrom(relationFirst)).isFinite().isPositive();
    assertThat(relationFirst.divergenceFrom(entity.distribution()))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> relationFirst.restrictedTo(id -> false))
        .withMessageContaining("no token is left of the 4");
  }

  @Test
  void saysWhatItIs() {
    assertThat(ANSWER).hasToString("<e_1> (0.757) after 4 iterations");
    assertThat(Answer.of(VOCABULARY, DISTRIBUTION, 1, Halting.fixed(1)).toString())
        .endsWith("after 1 iteration");
  }

  @Test
  void badValuesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Answer.of(VOCABULARY, Distribution.ofLogits(new float[3]), 1, Halting.fixed(1)))
        .withMessageContaining("3 tokens for a vocabulary of 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Answer.of(VOCABULARY, DISTRIBUTION, 0, Halting.fixed(1)))
        .withMessageContaining("but are 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANSWER.top(0))
        .withMessageContaining("but is 0");
  }
}
