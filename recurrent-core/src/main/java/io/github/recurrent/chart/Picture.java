package io.github.recurrent.chart;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** What all pictures have in common: their looks, and how they become files. */
final class Picture {
  static final int WIDTH = 900;
  static final int HEIGHT = 600;

  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 15);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

  private Picture() {}

  static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setChartTitleFont(TITLE);
    styler.setChartTitleBoxVisible(false);
    styler.setLegendFont(TEXT);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setPlotGridLinesColor(new Color(0xdddddd));
    styler.setChartPadding(12);
  }

  /**
   * Writes a chart aside and renames it into place.
   *
   * @throws IllegalArgumentException if the suffix is neither .png nor .svg
   */
  static void write(Chart<?, ?> chart, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    String name = String.valueOf(target.getFileName());
    String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!suffix.equals("png") && !suffix.equals("svg")) {
      throw new IllegalArgumentException(
          "a picture is a .png or a .svg file, but this is to be " + file);
    }
    Path writing = target.resolveSibling("." + name + ".writing");
    try {
      try (OutputStream out = Files.newOutputStream(writing)) {
        ChartEncoder.saveChart(chart, out, suffix);
      }
      Files.move(
          writing, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(writing);
    }
  }
}
