package io.github.recurrent.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedTest {
  @Test
  void sameNamesFromTheSameRootGiveTheSameStream() {
    assertThat(Seed.of(42).child("graph", 3).random().nextLong())
        .isEqualTo(Seed.of(42).child("graph", 3).random().nextLong());
  }

  @Test
  void rootNameAndIndexEachChangeTheStream() {
    assertThat(
            new long[] {
              Seed.of(42).child("graph", 3).value(),
              Seed.of(43).child("graph", 3).value(),
              Seed.of(42).child("data", 3).value(),
              Seed.of(42).child("graph", 4).value(),
              Seed.of(42).child("graph").child("graph", 3).value()
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void streamsAreFrozenAcrossReleases() {
    assertThat(Seed.of(42).child("graph", 3).value()).isEqualTo(2682252116249114309L);
  }
}
