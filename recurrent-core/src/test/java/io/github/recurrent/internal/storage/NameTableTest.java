package io.github.recurrent.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameTableTest {
  private static String name(int number) {
    return (number % 2 == 0 ? "name " : "имя ") + Integer.toString(number, 36);
  }

  @Test
  void namesKeepTheirNumbersHoweverManyThereAre() {
    NameTable names = new NameTable();

    for (int number = 0; number < 50_000; number++) {
      assertThat(names.add(name(number))).isEqualTo(number);
      assertThat(names.add(name(number / 2))).isEqualTo(number / 2);
    }

    assertThat(names.size()).isEqualTo(50_000);
    for (int number = 0; number < 50_000; number++) {
      assertThat(names.find(name(number))).isEqualTo(number);
      assertThat(names.name(number)).isEqualTo(name(number));
    }
    assertThat(names.find("name")).isEqualTo(-1);
    assertThat(names.find("")).isEqualTo(-1);
  }

  @Test
  void namesOfEveryLengthAndWithNullCharactersAreToldApart() {
    NameTable names = new NameTable();

    IntStream.range(0, 200).forEach(length -> names.add("\0".repeat(length)));
    IntStream.range(1, 200).forEach(length -> names.add("x" + "\0".repeat(length)));

    assertThat(names.size()).isEqualTo(399);
    assertThat(names.find("\0".repeat(77))).isEqualTo(77);
  }

  @Test
  void halfOfASurrogatePairIsNoQuestionMark() {
    NameTable names = new NameTable();
    names.add("who?");

    assertThat(names.find("who?")).isZero();
    assertThat(names.find("who\ud800")).isEqualTo(-1);
  }

  @Test
  void theMemoryBesideTheNamesIsAFewBytesEach() {
    NameTable names = NameTable.numbers(700_000);

    assertThat(names.overhead()).isLessThan(700_000 * 12);
  }
}
