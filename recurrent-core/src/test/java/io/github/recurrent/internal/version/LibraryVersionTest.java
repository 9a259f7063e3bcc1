package io.github.recurrent.internal.version;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibraryVersionTest {
  @Test
  void theBuildWritesItsVersionDown() {
    assertThat(LibraryVersion.number()).matches("\\d+\\.\\d+\\.\\d+(-\\w+)?");
    assertThat(LibraryVersion.name()).isEqualTo("recurrent " + LibraryVersion.number());
  }
}
