package io.github.recurrent.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
  @Test
  void theNearestComeFirst() {
    assertThat(near("Bhom", "Vienna", "Bonn", "Oslo", "Bohm", "Bom"))
        .containsExactly("Bom", "Bohm", "Bonn");
    assertThat(near("", "abc", "a")).containsExactly("a", "abc");
    assertThat(near("x")).isEmpty();
  }

  @Test
  void theNearestNamesAreThoseWithTheFewestChanges() {
    List<String> names = List.of("kitten", "sitting", "mitten", "kit", "Zürich", "x".repeat(500));

    assertThat(NearestNames.of("bitten", names.size(), names::get))
        .startsWith("kitten", "mitten")
        .hasSize(3);
    assertThat(NearestNames.of("Zurich", names.size(), names::get)).startsWith("Zürich");
    assertThat(NearestNames.of("", names.size(), names::get)).startsWith("kit", "kitten");
    assertThat(NearestNames.of("x".repeat(70), names.size(), names::get))
        .startsWith("x".repeat(500));
    assertThat(NearestNames.of("a", 2, names::get)).hasSize(2);
  }

  @Test
  void distancesAreThoseOfTheTable() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      String wanted = word(random, random.nextInt(70));
      List<String> names = new ArrayList<>();
      for (int index = 0; index < 12; index++) {
        names.add(word(random, random.nextInt(70)));
      }
      List<String> expected =
          names.stream()
              .sorted(Comparator.comparingInt(name -> distance(cut(wanted), cut(name))))
              .limit(3)
              .toList();

      assertThat(near(wanted, names.toArray(String[]::new))).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void theWorkIsBoundedHoweverManyAndLongTheNamesAre() {
    AtomicInteger asked = new AtomicInteger();
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () ->
            NearestNames.of(
                "a".repeat(1 << 24),
                1 << 30,
                index -> {
                  asked.incrementAndGet();
                  return "b".repeat(70);
                }));
    // The three nearest are asked for again.
    assertThat(asked.get()).isLessThanOrEqualTo((1 << 18) + 3);
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(64, text.length()));
  }

  private static List<String> near(String wanted, String... names) {
    return NearestNames.of(wanted, names.length, index -> names[index]);
  }

  private static String word(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int index = 0; index < length; index++) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  private static int distance(String from, String to) {
    int[][] table = new int[from.length() + 1][to.length() + 1];
    for (int row = 0; row <= from.length(); row++) {
      for (int column = 0; column <= to.length(); column++) {
        int r = row;
        int c = column;
        table[row][column] =
            row == 0 || column == 0
                ? row + column
                : Arrays.stream(
                        new int[] {
                          table[r - 1][c] + 1,
                          table[r][c - 1] + 1,
                          table[r - 1][c - 1] + (from.charAt(r - 1) == to.charAt(c - 1) ? 0 : 1)
                        })
                    .min()
                    .getAsInt();
      }
    }
    return table[from.length()][to.length()];
  }
}
