package io.github.recurrent.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.internal.chartpart.IChart;

/** What can be written as a picture, alone or as a panel of {@link Panels}. */
public abstract class Drawing {
  Drawing() {}

  /**
   * Returns this drawing at a size, in points.
   *
   * @throws IllegalStateException if there is nothing to draw
   */
  abstract IChart chart(int width, int height);

  int width() {
    return Picture.WIDTH;
  }

  int height() {
    return Picture.HEIGHT;
  }

  /**
   * Writes the picture to a .png or .svg file, 900 points wide and 600 high unless the drawing says
   * otherwise; a .png has two pixels a point.
   *
   * @throws IllegalArgumentException if the file has another suffix
   * @throws IllegalStateException if there is nothing to draw, or Java finds no fonts, as in slim
   *     images of it
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public final void write(Path file) throws IOException {
    try {
      Picture.write(chart(width(), height()), file);
    } catch (LinkageError | InternalError e) {
      if (!isOfFonts(e)) {
        throw e;
      }
      throw new IllegalStateException(
          file + " cannot be drawn, as Java finds no fonts; install fontconfig and a font", e);
    }
  }

  /** Java says it by an error from its own classes, of one kind or another. */
  private static boolean isOfFonts(Error error) {
    return Arrays.stream(error.getStackTrace())
        .map(StackTraceElement::getClassName)
        .anyMatch(name -> name.startsWith("sun.font.") || name.startsWith("sun.awt."));
  }
}
