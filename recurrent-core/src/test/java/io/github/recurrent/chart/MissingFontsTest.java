package io.github.recurrent.chart;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.internal.chartpart.IChart;

final class MissingFontsTest {
  @TempDir private Path folder;

  private static Drawing failing(Error error, String thrower) {
    error.setStackTrace(
        new StackTraceElement[] {new StackTraceElement(thrower, "method", "File.java", 1)});
    return new Drawing() {
      @Override
      IChart chart(int width, int height) {
        throw error;
      }
    };
  }

  @Test
  void aMachineWithoutFontsIsToldWhatToInstall() {
    Path file = folder.resolve("picture.png");

    assertThatIllegalStateException()
        .isThrownBy(
            () -> failing(new InternalError("null head"), "sun.font.FontConfig").write(file))
        .withMessageContaining(file.toString())
        .withMessageContaining("install fontconfig");
    assertThatIllegalStateException()
        .isThrownBy(
            () -> failing(new NoClassDefFoundError("X"), "sun.awt.X11FontManager").write(file));
  }

  @Test
  void whatElseIsMissingIsNotTakenForFonts() {
    NoClassDefFoundError error = new NoClassDefFoundError("org/knowm/xchart/XYChart");

    assertThatThrownBy(
            () ->
                failing(error, "io.github.recurrent.chart.Curves")
                    .write(folder.resolve("picture.png")))
        .isSameAs(error);
  }
}
