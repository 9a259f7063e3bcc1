package io.github.recurrent.internal.triples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeparatedLinesTest {
  @Test
  void aHugeLineTakesLittleMemory() throws IOException {
    InputStream endless =
        new InputStream() {
          private long left = 1L << 30;

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
    SeparatedLines lines = new SeparatedLines(Path.of("big.tsv"), endless, '\t');

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(lines::next)
        .withMessageContaining("big.tsv, line 1: has 1073741824 bytes");
    assertThat(lines.text()).hasSizeLessThanOrEqualTo(SeparatedLines.LONGEST_LINE);
  }
}
