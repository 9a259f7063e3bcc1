package io.github.recurrent.examples.service.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class NameIndexTest {
  private static final NameIndex NAMES =
      NameIndex.of(Stream.of("grace", "Ada", "Alan", "ADA", "ada lovelace", "Barbara", "Ärzte"));

  @Test
  void namesAreFoundInAlphabeticalOrderInCapitalsOrNot() {
    assertThat(NAMES.startingWith("ad", 10)).containsExactly("ADA", "Ada", "ada lovelace");
    assertThat(NAMES.startingWith("ada", 10)).containsExactly("ADA", "Ada", "ada lovelace");
    assertThat(NAMES.startingWith("ADA LOVELACE", 10)).containsExactly("ada lovelace");
    assertThat(NAMES.startingWith("ä", 10)).containsExactly("Ärzte");
  }

  @Test
  void thereAreNoMoreThanAreWanted() {
    assertThat(NAMES.startingWith("", 2)).containsExactly("ADA", "Ada");
    assertThat(NAMES.startingWith("ad", 1)).containsExactly("ADA");
  }

  @Test
  void namesThatBeginOtherwiseAreNotFound() {
    assertThat(NAMES.startingWith("adb", 10)).isEmpty();
    assertThat(NAMES.startingWith("zz", 10)).isEmpty();
    assertThat(NAMES.startingWith("ada lovelace ", 10)).isEmpty();
  }
}
