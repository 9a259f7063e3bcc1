package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.graph.Query;
import io.github.recurrent.graph.SmallGraphs;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnFactsTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          SmallGraphs.of("Ada | mother of | Bob", "Bob | born in | Paris", "<e_Bob> | is | a & b"));
  private static final Query MOTHER = Query.from("Ada").follow("mother of");
  private static final Query BORN = Query.from("Bob").follow("born in");

  private static int id(String name) {
    return VOCABULARY.id(Vocabulary.entityToken(name));
  }

  @Test
  void answersAreNamesOrTokens() {
    Facts facts = Facts.of(List.of(MOTHER, BORN), List.of("Bob", "<e_Paris>"), VOCABULARY);

    assertThat(facts.hops()).isEqualTo(1);
    assertThat(facts.query(0)).isEqualTo(MOTHER);
    assertThat(facts.answer(0)).isEqualTo("<e_Bob>");
    assertThat(facts.answer(1)).isEqualTo("<e_Paris>");
    assertThat(facts.answerIds(1)).isEqualTo(ImmutableIntArray.of(id("Paris")));
  }

  @Test
  void aNameThatLooksLikeATokenIsTheName() {
    Facts facts = Facts.of(List.of(MOTHER), List.of("<e_Bob>"), VOCABULARY);

    assertThat(facts.answerId(0)).isEqualTo(id("<e_Bob>"));
  }

  @Test
  void aQueryMayHaveSeveralAnswersTheFirstBeingItsOwn() {
    Facts facts =
        Facts.ofSets(
            List.of(MOTHER, BORN),
            List.of(ImmutableSet.of("Paris", "Bob", "<e_Paris>"), ImmutableSet.of("a & b")),
            VOCABULARY);

    assertThat(facts.answer(0)).isEqualTo("<e_Paris>");
    assertThat(facts.answerIds(0).asList()).containsExactlyInAnyOrder(id("Bob"), id("Paris"));
    assertThat(facts.isAnswer(0, id("Bob"))).isTrue();
    assertThat(facts.isAnswer(1, id("Bob"))).isFalse();
  }

  @Test
  void factsAreOfOneNumberOfHops() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Facts.of(
                    List.of(MOTHER, MOTHER.follow("born in")), List.of("Bob", "Paris"), VOCABULARY))
        .withMessageContaining("query 1")
        .withMessageContaining("Split");
  }

  @Test
  void whatDoesNotFitSaysWhereAndWhat() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Facts.of(List.of(MOTHER, BORN), List.of("Bob", "Pariss"), VOCABULARY))
        .withMessageContaining("query 1, <e_Bob><r_born in>")
        .withMessageContaining("\"<e_Pariss>\"")
        .withMessageContaining("the nearest are <e_Paris>");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Facts.of(List.of(Query.from("Ida").follow("is")), List.of("Bob"), VOCABULARY))
        .withMessageContaining("query 0")
        .withMessageContaining("the nearest are <e_Ada>");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Facts.of(List.of(MOTHER), List.of(), VOCABULARY))
        .withMessageContaining("1 queries and 0 answers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Facts.of(List.of(), List.of(), VOCABULARY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Facts.ofSets(List.of(MOTHER), List.of(ImmutableSet.of()), VOCABULARY))
        .withMessageContaining("no answer");
  }
}
