package io.github.recurrent.internal.triples;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.internal.storage.FactColumns;
import io.github.recurrent.internal.storage.NameTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TripleCollectorTest {
  @Test
  void moreTriplesThanAGraphHoldsAreNamedByTheirLine() {
    TripleCollector triples =
        new TripleCollector(
            Path.of("big.tsv"), new NameTable(), new NameTable(), new FactColumns(2));
    byte[] text = "arb".getBytes(StandardCharsets.UTF_8);
    int[] starts = {0, 1, 2};
    int[] ends = {1, 2, 3};

    assertThatExceptionOfType(FileFormatException.class)
        .isThrownBy(
            () -> {
              for (int line = 1; line <= 3; line++) {
                triples.add(line, text, starts, ends, TripleColumns.IN_ORDER);
              }
            })
        .withMessage(
            "big.tsv, line 3: a graph holds at most 2 triples, and this is one more; leave some out");
  }
}
