package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * Drawings beside and below one another in one picture, such as the heat maps of several models.
 * Immutable and thread-safe; each method returns a changed one.
 */
public final class Panels extends Drawing {
  private static final int TITLE_HEIGHT = 40;

  private final String title;
  private final int columns;
  private final int panelWidth;
  private final int panelHeight;
  private final ImmutableList<Drawing> drawings;

  private Panels(
      String title, int columns, int panelWidth, int panelHeight, ImmutableList<Drawing> drawings) {
    this.title = title;
    this.columns = columns;
    this.panelWidth = panelWidth;
    this.panelHeight = panelHeight;
    this.drawings = drawings;
  }

  /** Returns a picture of drawings one below another, each 900 points wide and 420 high. */
  public static Panels of(String title, List<? extends Drawing> drawings) {
    return new Panels(title, 1, Picture.WIDTH, 420, ImmutableList.copyOf(drawings));
  }

  /**
   * Sets the number of drawings beside one another.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Panels columns(int number) {
    checkArgument(number >= 1, "panels have at least 1 column, not %s", number);
    return new Panels(title, number, panelWidth, panelHeight, drawings);
  }

  /**
   * Sets the size of each drawing, in points.
   *
   * @throws IllegalArgumentException if it is not at least 200 × 150
   */
  public Panels size(int width, int height) {
    checkArgument(
        width >= 200 && height >= 150,
        "a panel is at least 200 × 150 points, not %s × %s",
        width,
        height);
    return new Panels(title, columns, width, height, drawings);
  }

  @Override
  int width() {
    return Math.min(columns, drawings.size()) * panelWidth;
  }

  @Override
  int height() {
    int rows = (drawings.size() + columns - 1) / columns;
    return (title.isEmpty() ? 0 : TITLE_HEIGHT) + rows * panelHeight;
  }

  @Override
  IChart chart(int width, int height) {
    if (drawings.isEmpty()) {
      throw new IllegalStateException("there is nothing to draw: the picture has no panels");
    }
    int top = title.isEmpty() ? 0 : TITLE_HEIGHT;
    int across = Math.min(columns, drawings.size());
    int rows = (drawings.size() + columns - 1) / columns;
    ImmutableList<IChart> charts =
        drawings.stream()
            .map(drawing -> drawing.chart(width / across, (height - top) / rows))
            .collect(ImmutableList.toImmutableList());
    return new Painter(title, width, height, across, top, charts);
  }

  private record Painter(
      String title, int width, int height, int across, int top, ImmutableList<IChart> charts)
      implements IChart {
    @Override
    public int getWidth() {
      return width;
    }

    @Override
    public int getHeight() {
      return height;
    }

    @Override
    public String getTitle() {
      return title;
    }

    @Override
    public void paint(Graphics2D graphics, int paintedWidth, int paintedHeight) {
      graphics.setColor(Color.WHITE);
      graphics.fill(new Rectangle2D.Double(0, 0, width, height));
      graphics.setColor(Color.BLACK);
      Font font = Picture.TITLE.deriveFont(20f);
      graphics.setFont(font);
      graphics.drawString(
          title,
          (float) ((width - graphics.getFontMetrics(font).stringWidth(title)) / 2.0),
          (float) (top * 0.75));
      for (int index = 0; index < charts.size(); index++) {
        IChart chart = charts.get(index);
        AffineTransform before = graphics.getTransform();
        graphics.translate(
            index % across * chart.getWidth(), top + index / across * chart.getHeight());
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.setTransform(before);
      }
    }
  }
}
