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
  private static final Answer ANSWER = Answer.of(VOCABULARY, DISTRIBUTION, 4);

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
  void saysWhatItIs() {
    assertThat(ANSWER).hasToString("<e_1> (0.757) after 4 iterations");
    assertThat(Answer.of(VOCABULARY, DISTRIBUTION, 1).toString()).endsWith("after 1 iteration");
  }

  @Test
  void badValuesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Answer.of(VOCABULARY, Distribution.ofLogits(new float[3]), 1))
        .withMessageContaining("3 tokens for a vocabulary of 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Answer.of(VOCABULARY, DISTRIBUTION, 0))
        .withMessageContaining("but are 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANSWER.top(0))
        .withMessageContaining("but is 0");
  }
}
