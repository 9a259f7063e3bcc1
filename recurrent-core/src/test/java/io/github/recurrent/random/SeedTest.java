package io.github.recurrent.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.recurrent.internal.random.RandomStream;
import org.junit.jupiter.api.Test;

class SeedTest {
  @Test
  void sameNamesFromTheSameRootGiveTheSameStream() {
    assertThat(RandomStream.of(Seed.of(42).child("graph", 3)).nextLong())
        .isEqualTo(RandomStream.of(Seed.of(42).child("graph", 3)).nextLong());
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
