package io.github.recurrent.chart;

import io.github.recurrent.internal.folder.CompleteFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;

/** What all pictures have in common: their looks, and how they become files. */
final class Picture {
  static final int WIDTH = 900;
  static final int HEIGHT = 600;
  static final int PADDING = 12;

  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  static final Color GRID = new Color(0xdddddd);

  /** Sharp in print: 900 points are 1,800 pixels, 270 to the inch on a page's width. */
  private static final int PIXELS_TO_A_POINT = 2;

  /** The colors of Okabe and Ito, which color-blind eyes tell apart too. */
  private static final Color[] COLORS = {
    new Color(0x0072b2),
    new Color(0xd55e00),
    new Color(0x009e73),
    new Color(0xcc79a7),
    new Color(0xe69f00),
    new Color(0x56b4e9),
    new Color(0x000000)
  };

  private static final float[][] DASHES = {
    null, {12, 5}, {3, 4}, {12, 4, 3, 4}, {22, 6}, {7, 3}, {12, 3, 3, 3, 3, 3}
  };

  private Picture() {}

  static Color color(int index) {
    return COLORS[index % COLORS.length];
  }

  /** Tells curves apart in a gray print. */
  static BasicStroke stroke(int index) {
    return new BasicStroke(
        2.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES[index % DASHES.length], 0);
  }

  static void style(AxesChartStyler styler) {
    // Figures look the same on every machine.
    styler.setLocale(Locale.ROOT);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setChartTitleFont(TITLE);
    styler.setChartTitleBoxVisible(false);
    styler.setLegendFont(TEXT);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setPlotGridLinesColor(GRID);
    styler.setChartPadding(PADDING);
    styler.setChartTitlePadding(8);
    styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
  }

  /**
   * Writes a chart aside and renames it into place.
   *
   * @throws IllegalArgumentException if the suffix is neither .png nor .svg
   */
  static void write(IChart chart, Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!suffix.equals("png") && !suffix.equals("svg")) {
      throw new IllegalArgumentException(
          "a picture is a .png or a .svg file, but this is to be " + file);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (suffix.equals("png")) {
      IndexedPng.write(image(chart), out);
    } else {
      ChartEncoder.saveChart(chart, out, suffix);
    }
    CompleteFile.write(file, out.toByteArray());
  }

  private static BufferedImage image(IChart chart) {
    BufferedImage image =
        new BufferedImage(
            PIXELS_TO_A_POINT * chart.getWidth(),
            PIXELS_TO_A_POINT * chart.getHeight(),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.scale(PIXELS_TO_A_POINT, PIXELS_TO_A_POINT);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      chart.paint(graphics, chart.getWidth(), chart.getHeight());
    } finally {
      graphics.dispose();
    }
    return image;
  }
}
