package io.github.recurrent.chart;

import java.io.IOException;
import java.nio.file.Path;
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
   * @throws IllegalStateException if there is nothing to draw
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public final void write(Path file) throws IOException {
    Picture.write(chart(width(), height()), file);
  }
}
