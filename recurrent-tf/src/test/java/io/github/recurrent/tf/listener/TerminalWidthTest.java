package io.github.recurrent.tf.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalWidthTest {
  @Test
  void theWidthOfATerminalIsThatWhichItTells() {
    assertThat(TerminalWidth.parse("24 132")).isEqualTo(132);
    assertThat(TerminalWidth.parse("")).isEqualTo(80);
    assertThat(TerminalWidth.parse("0 0")).isEqualTo(80);
    assertThat(TerminalWidth.parse("stty: not a terminal")).isEqualTo(80);
  }
}
