package io.github.recurrent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadPositionTest {
  @ParameterizedTest
  @CsvSource({
    "first pad, 2, 3, 2",
    "first pad, 9, 10, 9",
    "last token, 2, 2, 1",
    "column 2, 2, 3, 2",
    "column 2, 3, 3, 2",
    "column 49, 12, 50, 49",
  })
  void rowsArePaddedAndReadByKind(String text, int tokens, int length, int index) {
    ReadPosition position = ReadPosition.parse(text);

    assertThat(position.paddedLength(tokens)).isEqualTo(length);
    assertThat(position.index(tokens)).isEqualTo(index);
    assertThat(position).hasToString(text).isEqualTo(ReadPosition.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "column", "column 0", "column -1", "column 1e3", "column 9999999999"})
  void anythingElseIsNoReadPosition(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadPosition.parse(text))
        .withMessageContaining("\"" + text + "\" is not a read position");
  }

  @Test
  void queriesMustFitBeforeTheColumn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadPosition.column(2).paddedLength(4))
        .withMessageContaining("takes at most 2 hops");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadPosition.column(0))
        .withMessageContaining("but is 0");
  }
}
