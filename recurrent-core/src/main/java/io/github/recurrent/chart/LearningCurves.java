package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Accuracies over the steps of a training (paper, figure 3), in colours and strokes that a
 * colour-blind eye and a grey print tell apart. Immutable and thread-safe.
 */
public final class LearningCurves {
  /** The colours of Okabe and Ito. */
  private static final Color[] COLOURS = {
    new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73),
    new Color(0xcc79a7), new Color(0xe69f00), new Color(0x56b4e9)
  };

  private static final float[][] DASHES = {null, {12, 5}, {3, 4}, {12, 4, 3, 4}};

  private final String title;
  private final ImmutableList<Curve> curves;

  private record Curve(String name, ImmutableDoubleArray steps, ImmutableDoubleArray accuracies) {}

  private LearningCurves(String title, ImmutableList<Curve> curves) {
    this.title = title;
    this.curves = curves;
  }

  /** Returns a picture without curves yet. */
  public static LearningCurves titled(String title) {
    return new LearningCurves(title, ImmutableList.of());
  }

  /**
   * Returns this picture with one more curve.
   *
   * @param steps the number of updates at each point
   * @param accuracies in [0, 1], as many
   * @throws IllegalArgumentException if the numbers differ, there is none, or one is no number
   */
  public LearningCurves curve(String name, double[] steps, double[] accuracies) {
    checkArgument(
        steps.length == accuracies.length && steps.length > 0,
        "curve \"%s\" needs as many accuracies as steps, and at least one, but has %s and %s",
        name,
        accuracies.length,
        steps.length);
    checkArgument(
        Arrays.stream(accuracies).allMatch(Double::isFinite)
            && Arrays.stream(steps).allMatch(Double::isFinite),
        "curve \"%s\" has a value that is no number",
        name);
    return new LearningCurves(
        title,
        ImmutableList.<Curve>builder()
            .addAll(curves)
            .add(
                new Curve(
                    name,
                    ImmutableDoubleArray.copyOf(steps),
                    ImmutableDoubleArray.copyOf(accuracies)))
            .build());
  }

  /**
   * Writes the picture to a .png or .svg file.
   *
   * @throws IllegalArgumentException if the file has another suffix
   * @throws IllegalStateException if there are no curves
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    if (curves.isEmpty()) {
      throw new IllegalStateException("there is nothing to draw: the picture has no curves");
    }
    XYChart chart =
        new XYChartBuilder()
            .width(Picture.WIDTH)
            .height(Picture.HEIGHT)
            .title(title)
            .xAxisTitle("training step")
            .yAxisTitle("accuracy")
            .build();
    Picture.style(chart.getStyler());
    chart
        .getStyler()
        .setYAxisMin(0.0)
        .setYAxisMax(1.0)
        .setYAxisDecimalPattern("0.0")
        .setXAxisDecimalPattern("#,###")
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal);
    for (int index = 0; index < curves.size(); index++) {
      Curve curve = curves.get(index);
      XYSeries series =
          chart.addSeries(curve.name(), curve.steps().toArray(), curve.accuracies().toArray());
      series.setMarker(SeriesMarkers.NONE);
      series.setLineColor(COLOURS[index % COLOURS.length]);
      series.setLineStyle(
          new BasicStroke(
              2.5f,
              BasicStroke.CAP_BUTT,
              BasicStroke.JOIN_ROUND,
              1,
              DASHES[index % DASHES.length],
              0));
    }
    Picture.write(chart, file);
  }
}
