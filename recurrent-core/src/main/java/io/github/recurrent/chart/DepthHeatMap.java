package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.evaluation.DepthSweep;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/**
 * The accuracy over hops and iterations as a heat map (paper, figure 5), on a scale that is even to
 * the eye, also to a colour-blind one, and in grey. Immutable and thread-safe.
 */
public final class DepthHeatMap {
  /** Nine colours of viridis, from dark to light. */
  private static final Color[] SCALE = {
    new Color(0x440154), new Color(0x472d7b), new Color(0x3b528b),
    new Color(0x2c728e), new Color(0x21918c), new Color(0x28ae80),
    new Color(0x5ec962), new Color(0xaddc30), new Color(0xfde725)
  };

  private final DepthSweep sweep;
  private final String title;
  private final int trainedHops;
  private final int first;
  private final int last;

  private DepthHeatMap(DepthSweep sweep, String title, int trainedHops, int first, int last) {
    this.sweep = sweep;
    this.title = title;
    this.trainedHops = trainedHops;
    this.first = first;
    this.last = last;
  }

  /**
   * Returns the picture of a sweep.
   *
   * @throws IllegalArgumentException if the sweep has no facts
   */
  public static DepthHeatMap of(DepthSweep sweep) {
    checkArgument(!sweep.rows().isEmpty(), "there is nothing to draw: the sweep has no facts");
    return new DepthHeatMap(
        sweep, "Accuracy by hops and iterations", 0, sweep.firstIteration(), sweep.lastIteration());
  }

  /** Returns this picture with another title. */
  public DepthHeatMap title(String text) {
    return new DepthHeatMap(sweep, text, trainedHops, first, last);
  }

  /** Returns this picture with the numbers of hops marked that the model was trained on. */
  public DepthHeatMap trainedHops(int hops) {
    return new DepthHeatMap(sweep, title, hops, first, last);
  }

  /**
   * Returns this picture of some of the sweep's iterations, both ends included.
   *
   * @throws IllegalArgumentException if the sweep has not all of them
   */
  public DepthHeatMap iterations(int from, int to) {
    checkArgument(
        sweep.firstIteration() <= from && from <= to && to <= sweep.lastIteration(),
        "iterations %s to %s are no range of the sweep's, %s to %s",
        from,
        to,
        sweep.firstIteration(),
        sweep.lastIteration());
    return new DepthHeatMap(sweep, title, trainedHops, from, to);
  }

  /**
   * Writes the picture to a .png or .svg file.
   *
   * @throws IllegalArgumentException if the file has another suffix
   * @throws IOException if the file cannot be written; one that was there stays then
   */
  public void write(Path file) throws IOException {
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(Picture.WIDTH)
            .height(Picture.HEIGHT)
            .title(title)
            .xAxisTitle("iterations r")
            .yAxisTitle(trainedHops > 0 ? "hops (* trained)" : "hops")
            .build();
    Picture.style(chart.getStyler());
    chart
        .getStyler()
        .setRangeColors(SCALE)
        .setMin(0)
        .setMax(1)
        .setHeatMapValueDecimalPattern("0.0")
        .setPlotGridLinesVisible(false)
        .setPlotContentSize(1);
    List<Integer> iterations = new ArrayList<>();
    for (int r = first; r <= last; r++) {
      iterations.add(r);
    }
    List<String> hops = new ArrayList<>();
    List<Number[]> cells = new ArrayList<>();
    for (DepthSweep.Row row : sweep.rows()) {
      for (int column = 0; column < iterations.size(); column++) {
        cells.add(new Number[] {column, hops.size(), row.accuracy(iterations.get(column))});
      }
      hops.add(row.hops() + (row.hops() <= trainedHops ? " *" : ""));
    }
    chart.addSeries("accuracy", iterations, hops, cells);
    Picture.write(chart, file);
  }
}
