package io.github.recurrent.tf.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.junit.jupiter.api.Test;

final class BarTextTest {
  @Test
  void halfOfTheStepsFillHalfOfTheBar() {
    assertThat(drawn(UTF_8, 5, 80)).isEqualTo("stage 2 [████████        ] loss 0.5");
  }

  @Test
  void aConsoleWithoutBlocksGetsSigns() {
    assertThat(drawn(US_ASCII, 5, 80)).isEqualTo("stage 2 [########        ] loss 0.5");
  }

  @Test
  void aFullBarHasNoMoreThanItsCells() {
    assertThat(drawn(UTF_8, 10, 80)).isEqualTo("stage 2 [████████████████] loss 0.5");
  }

  @Test
  void wordsEndWhereTheLineDoes() {
    assertThat(drawn(UTF_8, 5, 31)).isEqualTo("stage 2 [████████        ] loss");
  }

  @Test
  void aLineCoversWhatStoodThere() {
    assertThat(lastLine(UTF_8, 5, 60)).hasSize(60).endsWith("loss 0.5" + " ".repeat(25));
  }

  private static String drawn(Charset charset, int step, int columns) {
    return lastLine(charset, step, columns).strip();
  }

  private static String lastLine(Charset charset, int step, int columns) {
    StringBuilder lines = new StringBuilder();
    try (me.tongfei.progressbar.ProgressBar bar =
        new ProgressBarBuilder()
            .setRenderer(new BarText(charset))
            .setConsumer(consumer(lines, columns))
            .setTaskName("stage 2")
            .setInitialMax(10)
            .build()) {
      bar.setExtraMessage("loss 0.5");
      bar.stepTo(step);
    }
    return lines.substring(lines.lastIndexOf("\n", lines.length() - 2) + 1, lines.length() - 1);
  }

  private static ProgressBarConsumer consumer(StringBuilder lines, int columns) {
    return new ProgressBarConsumer() {
      @Override
      public int getMaxRenderedLength() {
        return columns;
      }

      @Override
      public void accept(String line) {
        lines.append(line).append('\n');
      }

      @Override
      public void close() {}
    };
  }
}
