package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableDoubleArray;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves over a common axis, such as accuracies over steps, each with a band of its standard
 * deviation where there is one. Colors, strokes and markers tell them apart to a color-blind eye
 * and in a gray print. Immutable and thread-safe; each method returns a changed one.
 */
public final class Curves extends Drawing {
  /** Markers on more points than these would hide the curve. */
  private static final int MOST_MARKERS = 45;

  private static final int LONGEST_LEGEND = 95;
  private static final double PLOT_SHARE = 0.8;
  private static final int BAND_OPACITY = 45;
  private static final double MARGIN = 0.03;

  /** The most that points stand beside their whole place. */
  private static final double MOST_ASIDE = 0.3;

  private static final double APART = 0.1;
  private static final Color LINE = new Color(0x555555);

  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.CROSS,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.PLUS,
    SeriesMarkers.TRAPEZOID
  };

  private final ImmutableCurvesContent content;

  private Curves(ImmutableCurvesContent content) {
    this.content = content;
  }

  /** Returns a picture without curves yet. */
  public static Curves titled(String title) {
    return new Curves(ImmutableCurvesContent.builder().title(title).build());
  }

  /** Returns a picture of accuracies over training steps (paper, figure 3), without curves yet. */
  public static Curves learning(String title) {
    return titled(title).axes("training step", "accuracy").yRange(0, 1);
  }

  /** Sets the title. */
  public Curves title(String text) {
    return new Curves(content.withTitle(text));
  }

  /** Sets what the axes show, with their units. */
  public Curves axes(String x, String y) {
    return new Curves(content.withXTitle(x).withYTitle(y));
  }

  /**
   * Sets from where to where the x axis goes; as far as the curves unless said otherwise.
   *
   * @throws IllegalArgumentException unless both are finite and the first is less
   */
  public Curves xRange(double least, double greatest) {
    return new Curves(content.withXRange(range(least, greatest)));
  }

  /**
   * Sets from where to where the y axis goes, such as 0 to 1 for accuracies; as far as the curves
   * unless said otherwise.
   *
   * @throws IllegalArgumentException unless both are finite and the first is less
   */
  public Curves yRange(double least, double greatest) {
    return new Curves(content.withYRange(range(least, greatest)));
  }

  private static CurvesContent.Range range(double least, double greatest) {
    checkArgument(
        Double.isFinite(least) && Double.isFinite(greatest) && least < greatest,
        "an axis goes up between two numbers, but is from %s to %s",
        least,
        greatest);
    return new CurvesContent.Range(least, greatest);
  }

  /**
   * Adds a curve.
   *
   * @param x where on the axis each point is
   * @param y the values, as many
   * @throws IllegalArgumentException if the numbers differ, there is none, one is not finite, or
   *     there is a curve of that name
   */
  public Curves curve(String name, double[] x, double[] y) {
    return with(name, x, y, new double[0], false);
  }

  /**
   * Adds a curve with a band: the mean of several runs, and their standard deviation above and
   * below it.
   *
   * @param x where on the axis each point is
   * @param means the values, as many
   * @param deviations how far the band reaches up and down, as many
   * @throws IllegalArgumentException if the numbers differ, there is none, one is not finite, or
   *     there is a curve of that name
   */
  public Curves band(String name, double[] x, double[] means, double[] deviations) {
    checkArgument(
        deviations.length == means.length,
        "curve \"%s\" needs as many standard deviations as values, but has %s and %s",
        name,
        deviations.length,
        means.length);
    return with(name, x, means, deviations, false);
  }

  /**
   * Adds points that no line joins. Where several names have points at whole places, they are drawn
   * side by side, so that none covers another.
   *
   * @throws IllegalArgumentException if the numbers differ, there is none, one is not finite, or
   *     there is a curve of that name
   */
  public Curves points(String name, double[] x, double[] y) {
    return with(name, x, y, new double[0], true);
  }

  private Curves with(String name, double[] x, double[] y, double[] deviations, boolean points) {
    checkArgument(
        x.length == y.length && x.length > 0,
        "curve \"%s\" needs as many values as places, and at least one, but has %s and %s",
        name,
        y.length,
        x.length);
    checkArgument(
        areFinite(x) && areFinite(y) && areFinite(deviations),
        "curve \"%s\" has a value that is not a number",
        name);
    checkArgument(
        content.curves().stream().noneMatch(curve -> curve.name().equals(name)),
        "there is a curve \"%s\" already",
        name);
    return new Curves(
        content.withCurves(
            ImmutableList.<CurvesContent.Curve>builder()
                .addAll(content.curves())
                .add(
                    new CurvesContent.Curve(
                        name,
                        ImmutableDoubleArray.copyOf(x),
                        ImmutableDoubleArray.copyOf(y),
                        ImmutableDoubleArray.copyOf(deviations),
                        points))
                .build()));
  }

  private static boolean areFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /** Adds an upright line, such as at the depth that was trained. */
  public Curves uprightLine(String label, double x) {
    return with(new CurvesContent.Line(label, true, x));
  }

  /** Adds a level line, such as at an accuracy to reach; without a label it is not explained. */
  public Curves levelLine(String label, double y) {
    return with(new CurvesContent.Line(label, false, y));
  }

  private Curves with(CurvesContent.Line line) {
    return new Curves(
        content.withLines(
            ImmutableList.<CurvesContent.Line>builder().addAll(content.lines()).add(line).build()));
  }

  /**
   * Marks places, such as first hits.
   *
   * @throws IllegalArgumentException if the numbers differ, there is none, or one is not finite
   */
  public Curves marks(String label, double[] x, double[] y) {
    checkArgument(
        x.length == y.length && x.length > 0 && areFinite(x) && areFinite(y),
        "marks \"%s\" need as many finite x as y, but have %s and %s",
        label,
        Arrays.toString(x),
        Arrays.toString(y));
    return new Curves(
        content.withMarks(
            new CurvesContent.Marks(
                label, ImmutableDoubleArray.copyOf(x), ImmutableDoubleArray.copyOf(y))));
  }

  @Override
  IChart chart(int width, int height) {
    if (content.curves().isEmpty()) {
      throw new IllegalStateException("there is nothing to draw: the picture has no curves");
    }
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(content.title())
            .xAxisTitle(content.xTitle())
            .yAxisTitle(content.yTitle())
            .build();
    Picture.style(chart.getStyler());
    chart.getStyler().setXAxisDecimalPattern("#,##0.###").setYAxisDecimalPattern("#,##0.###");
    chart.getStyler().setMarkerSize(8);
    placeLegend(chart.getStyler(), width);
    CurvesContent.Range x = content.xRange().orElseGet(this::xExtent);
    CurvesContent.Range y = content.yRange().orElseGet(this::yExtent);
    chart.getStyler().setXAxisMin(x.least()).setXAxisMax(x.greatest());
    if (content.curves().stream().allMatch(curve -> areWhole(curve.x()))) {
      keepWhole(chart.getStyler(), width, x);
    }
    chart.getStyler().setYAxisMin(y.least()).setYAxisMax(y.greatest());
    for (int index = 0; index < content.curves().size(); index++) {
      addBand(chart, content.curves().get(index), index, y);
    }
    content.lines().forEach(line -> addLine(chart, line, x, y));
    for (int index = 0; index < content.curves().size(); index++) {
      addCurve(chart, content.curves().get(index), index);
    }
    content.marks().ifPresent(marks -> addMarks(chart, marks));
    return chart;
  }

  private void placeLegend(Styler styler, int width) {
    int entries = content.curves().size() + content.lines().size();
    int characters =
        content.curves().stream().mapToInt(curve -> curve.name().length()).sum()
            + content.lines().stream().mapToInt(line -> line.label().length()).sum()
            + content.marks().map(marks -> marks.label().length()).orElse(0)
            + 7 * entries;
    boolean under = characters <= LONGEST_LEGEND * width / Picture.WIDTH;
    styler.setLegendPosition(
        under ? Styler.LegendPosition.OutsideS : Styler.LegendPosition.OutsideE);
    styler.setLegendLayout(under ? Styler.LegendLayout.Horizontal : Styler.LegendLayout.Vertical);
  }

  private static boolean areWhole(ImmutableDoubleArray values) {
    return values.stream().allMatch(value -> Math.rint(value) == value);
  }

  /** Keeps ticks at least 1 apart: there is no hop and no iteration between two. */
  private static void keepWhole(XYStyler styler, int width, CurvesContent.Range x) {
    int apart = (int) (PLOT_SHARE * width / (x.greatest() - x.least()));
    styler.setXAxisTickMarkSpacingHint(Math.max(styler.getXAxisTickMarkSpacingHint(), apart));
  }

  private CurvesContent.Range xExtent() {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (CurvesContent.Curve curve : content.curves()) {
      double[] places = places(curve);
      least = Math.min(least, Doubles.min(places));
      greatest = Math.max(greatest, Doubles.max(places));
    }
    return widened(least, greatest);
  }

  private CurvesContent.Range yExtent() {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (CurvesContent.Curve curve : content.curves()) {
      for (int point = 0; point < curve.y().length(); point++) {
        double deviation =
            curve.standardDeviations().isEmpty() ? 0 : curve.standardDeviations().get(point);
        least = Math.min(least, curve.y().get(point) - deviation);
        greatest = Math.max(greatest, curve.y().get(point) + deviation);
      }
    }
    for (CurvesContent.Line line : content.lines()) {
      if (!line.upright()) {
        least = Math.min(least, line.place());
        greatest = Math.max(greatest, line.place());
      }
    }
    return widened(least, greatest);
  }

  private static CurvesContent.Range widened(double least, double greatest) {
    double margin = greatest > least ? MARGIN * (greatest - least) : 1;
    // What cannot be negative, such as a number of steps, begins at zero.
    double from = least >= 0 && least <= 0.25 * greatest ? 0 : least - margin;
    return new CurvesContent.Range(from, greatest + margin);
  }

  private static void addBand(
      XYChart chart, CurvesContent.Curve curve, int index, CurvesContent.Range range) {
    int points = curve.x().length();
    if (curve.standardDeviations().isEmpty()) {
      return;
    }
    double[] x = new double[2 * points];
    double[] y = new double[2 * points];
    for (int point = 0; point < points; point++) {
      x[point] = curve.x().get(point);
      x[2 * points - 1 - point] = curve.x().get(point);
      y[point] = within(range, curve.y().get(point) + curve.standardDeviations().get(point));
      y[2 * points - 1 - point] =
          within(range, curve.y().get(point) - curve.standardDeviations().get(point));
    }
    Color color = Picture.color(index);
    XYSeries series = chart.addSeries("band " + curve.name(), x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_OPACITY));
    series.setLineColor(new Color(0, 0, 0, 0));
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
  }

  private static double within(CurvesContent.Range range, double value) {
    return Math.max(range.least(), Math.min(range.greatest(), value));
  }

  private static void addLine(
      XYChart chart, CurvesContent.Line line, CurvesContent.Range x, CurvesContent.Range y) {
    double[] ends = {line.place(), line.place()};
    XYSeries series =
        chart.addSeries(
            line.label().isEmpty() ? "line at " + line.place() : line.label(),
            line.upright() ? ends : new double[] {x.least(), x.greatest()},
            line.upright() ? new double[] {y.least(), y.greatest()} : ends);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(LINE);
    series.setLineStyle(
        new BasicStroke(
            1.4f,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1,
            line.upright() ? new float[] {6, 4} : new float[] {2, 3},
            0));
    series.setShowInLegend(!line.label().isEmpty());
  }

  /** Returns where a curve's points are drawn: those at whole places beside those of others. */
  private double[] places(CurvesContent.Curve curve) {
    List<CurvesContent.Curve> all =
        content.curves().stream().filter(other -> other.points() && areWhole(other.x())).toList();
    int index = all.indexOf(curve);
    if (index < 0 || all.size() == 1) {
      return curve.x().toArray();
    }
    double apart = Math.min(APART, 2 * MOST_ASIDE / (all.size() - 1));
    double aside = (index - (all.size() - 1) / 2.0) * apart;
    return curve.x().stream().map(place -> place + aside).toArray();
  }

  private void addCurve(XYChart chart, CurvesContent.Curve curve, int index) {
    XYSeries series = chart.addSeries(curve.name(), places(curve), curve.y().toArray());
    boolean marked = curve.points() || curve.x().length() <= MOST_MARKERS;
    // Colors come again after as many curves as markers do: not both together.
    int marker = (index + index / MARKERS.length) % MARKERS.length;
    series.setMarker(marked ? MARKERS[marker] : SeriesMarkers.NONE);
    series.setMarkerColor(Picture.color(index));
    series.setLineColor(Picture.color(index));
    series.setLineStyle(Picture.stroke(index));
    if (curve.points()) {
      series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    }
  }

  private static void addMarks(XYChart chart, CurvesContent.Marks marks) {
    XYSeries series = chart.addSeries(marks.label(), marks.x().toArray(), marks.y().toArray());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.DIAMOND);
    series.setMarkerColor(Color.BLACK);
  }
}
