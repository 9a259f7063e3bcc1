package io.github.recurrent.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTableTest {
  @Test
  void everyTextComesBackAsItWasAndIsFound() {
    Random random = new Random(1);
    Set<String> distinct =
        new LinkedHashSet<>(List.of("", "a", "é", "李雷", "😀", "\ud83d", "\ude00"));
    while (distinct.size() < 5000) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
      }
      distinct.add(text.toString());
    }
    List<String> texts = new ArrayList<>(distinct);
    TokenTable table = new TokenTable();

    for (String text : texts) {
      assertThat(table.add(text)).isEqualTo(-1);
    }
    table.trim();

    assertThat(table.size()).isEqualTo(5000);
    for (int number = 0; number < 5000; number++) {
      assertThat(table.text(number)).isEqualTo(texts.get(number));
      assertThat(table.number(texts.get(number))).isEqualTo(number);
      assertThat(table.add(texts.get(number))).isEqualTo(number);
    }
    assertThat(table.number("not there")).isEqualTo(-1);
    assertThat(table.startsWith(texts.indexOf("a"), "a")).isTrue();
    assertThat(table.startsWith(texts.indexOf("a"), "ab")).isFalse();
  }

  @Test
  void tablesAreTheSameByTheirTextsInOrder() {
    TokenTable table = table("ab", "c");

    assertThat(table.hasSame(table("ab", "c"))).isTrue();
    assertThat(table.hash()).isEqualTo(table("ab", "c").hash());
    assertThat(table.hasSame(table("a", "bc"))).isFalse();
    assertThat(table.hasSame(table("c", "ab"))).isFalse();
    assertThat(table.hasSame(table("ab"))).isFalse();
  }

  private static TokenTable table(String... texts) {
    TokenTable table = new TokenTable();
    for (String text : texts) {
      table.add(text);
    }
    return table;
  }
}
