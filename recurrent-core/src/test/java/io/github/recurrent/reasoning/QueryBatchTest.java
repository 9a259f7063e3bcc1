package io.github.recurrent.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.fixtures.PyTorchFixture;
import io.github.recurrent.graph.Query;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class QueryBatchTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<e_1>", "<r_0>", "<r_1>"));
  private static final QueryBatch BATCH =
      QueryBatch.of(
          VOCABULARY,
          ImmutableList.of(
              Query.of("<e_1>", "<r_0>"), Query.of("<e_0>", "<r_1>", "<r_1>", "<r_0>")));

  @Test
  void rowsKeepTheirOrderAndLength() {
    assertThat(BATCH.size()).isEqualTo(2);
    assertThat(BATCH.length(0)).isEqualTo(2);
    assertThat(BATCH.length(1)).isEqualTo(4);
    assertThat(BATCH.longest()).isEqualTo(4);
    assertThat(BATCH.id(1, 3)).isEqualTo(3);
    assertThat(BATCH.vocabulary()).isEqualTo(VOCABULARY);
  }

  @Test
  void rowsArePaddedAndReadAsTheModelSays() {
    assertThat(BATCH.paddedIds(reading(ReadPosition.firstPad())))
        .containsExactly(2, 3, 0, 0, 0, 1, 4, 4, 3, 0);
    assertThat(BATCH.readIndices(reading(ReadPosition.firstPad()))).containsExactly(2, 4);

    assertThat(BATCH.paddedIds(reading(ReadPosition.lastToken())))
        .containsExactly(2, 3, 0, 0, 1, 4, 4, 3);
    assertThat(BATCH.readIndices(reading(ReadPosition.lastToken()))).containsExactly(1, 3);

    assertThat(BATCH.paddedIds(reading(ReadPosition.column(5)))).hasSize(12);
    assertThat(BATCH.readIndices(reading(ReadPosition.column(5)))).containsExactly(5, 5);
  }

  @Test
  void paddedIdsAreThoseGivenToPyTorch() {
    PyTorchFixture fixture = PyTorchFixture.nope();

    assertThat(fixture.batch().paddedIds(reading(ReadPosition.column(49))))
        .containsExactly(
            fixture.ids().stream().flatMapToInt(Arrays::stream).mapToLong(id -> id).toArray());
  }

  @Test
  void queriesTheModelCannotTakeAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BATCH.paddedIds(reading(ReadPosition.column(2))))
        .withMessageContaining("4 tokens");
  }

  @Test
  void rowsOutsideAreNamed() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> BATCH.length(2))
        .withMessageContaining("row (2)");
  }

  @Test
  void thereMustBeAQuery() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QueryBatch.of(VOCABULARY, ImmutableList.of()))
        .withMessageContaining("at least one query");
  }

  @Test
  void unknownTokensAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QueryBatch.of(VOCABULARY, ImmutableList.of(Query.of("<e_7>", "<r_0>"))))
        .withMessageContaining("<e_7>");
  }

  private static RecurrentDepthTransformer reading(ReadPosition position) {
    return RecurrentDepthTransformer.builder()
        .vocabulary(VOCABULARY)
        .readPosition(position)
        .build();
  }
}
