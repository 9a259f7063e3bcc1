package io.github.recurrent.internal.triples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.file.FileFormatException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SeparatedLinesTest {
  private static InputStream line(long length) {
    return new InputStream() {
      private long left = length;

      @Override
      public int read() {
        return left-- > 0 ? 'x' : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        int count = (int) Math.min(left, length);
        Arrays.fill(target, offset, offset + count, (byte) 'x');
        left -= count;
        return count == 0 ? -1 : count;
      }
    };
  }

  private static void assertLineIsRefused(long length) {
    SeparatedLines lines = new SeparatedLines(Path.of("big.tsv"), line(length), '\t');

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(lines::next)
        .withMessageContaining("big.tsv, line 1: has " + length + " bytes, but a line has at most");
    assertThat(lines.text()).hasSizeLessThanOrEqualTo(SeparatedLines.LONGEST_LINE);
  }

  @Test
  void aHugeLineTakesLittleMemory() {
    assertLineIsRefused(1 << 27);
  }

  /** Takes seconds. */
  @Test
  @Tag("memory")
  void aLineOfAGigabyteTakesNoMoreMemory() {
    assertLineIsRefused(1 << 30);
  }
}
