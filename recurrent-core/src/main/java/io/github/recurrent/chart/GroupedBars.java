package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableDoubleArray;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.Styler;

/**
 * Bars in groups, such as the reach of several models on several kinds of data, each with the
 * standard deviation of its mean where there is one. The bars of a group go from dark to light, so
 * that a color-blind eye and a gray print tell them apart. Immutable and thread-safe; each method
 * returns a changed one.
 */
final class GroupedBars extends Drawing {
  /** Black standard deviations are seen on it. */
  private static final double DARKEST = 0.3;

  private static final double LIGHTEST = 0.95;

  private final String title;
  private final String groupTitle;
  private final String valueTitle;
  private final ImmutableList<String> groups;
  private final ImmutableList<Bars> bars;

  private record Bars(
      String name, ImmutableDoubleArray values, ImmutableDoubleArray standardDeviations) {}

  private GroupedBars(
      String title,
      String groupTitle,
      String valueTitle,
      ImmutableList<String> groups,
      ImmutableList<Bars> bars) {
    this.title = title;
    this.groupTitle = groupTitle;
    this.valueTitle = valueTitle;
    this.groups = groups;
    this.bars = bars;
  }

  /** Returns a picture without bars yet. */
  public static GroupedBars titled(String title) {
    return new GroupedBars(title, "", "", ImmutableList.of(), ImmutableList.of());
  }

  /** Sets what the groups and the values are, with their units. */
  public GroupedBars axes(String groups, String values) {
    return new GroupedBars(title, groups, values, this.groups, bars);
  }

  /** Sets the names of the groups, from left to right; before any bars. */
  public GroupedBars groups(List<String> names) {
    return new GroupedBars(
        title, groupTitle, valueTitle, ImmutableList.copyOf(names), ImmutableList.of());
  }

  /**
   * Adds one bar to each group.
   *
   * @throws IllegalArgumentException if there are not as many as groups, one is not finite, or
   *     there are bars of that name
   */
  public GroupedBars bars(String name, double... values) {
    return barsWithStandardDeviations(name, values, new double[values.length]);
  }

  /**
   * Adds one bar to each group, with its standard deviation.
   *
   * @throws IllegalArgumentException if there are not as many as groups, one is not finite, or
   *     there are bars of that name
   */
  public GroupedBars barsWithStandardDeviations(String name, double[] values, double[] deviations) {
    checkArgument(
        values.length == groups.size() && deviations.length == groups.size(),
        "bars \"%s\" need a value and a standard deviation for each of the groups %s, but have %s and %s",
        name,
        groups,
        Arrays.toString(values),
        Arrays.toString(deviations));
    checkArgument(
        Arrays.stream(values).allMatch(Double::isFinite)
            && Arrays.stream(deviations).allMatch(Double::isFinite),
        "bars \"%s\" have a value that is not a number",
        name);
    checkArgument(
        bars.stream().noneMatch(others -> others.name().equals(name)),
        "there are bars \"%s\" already",
        name);
    return new GroupedBars(
        title,
        groupTitle,
        valueTitle,
        groups,
        ImmutableList.<Bars>builder()
            .addAll(bars)
            .add(
                new Bars(
                    name,
                    ImmutableDoubleArray.copyOf(values),
                    ImmutableDoubleArray.copyOf(deviations)))
            .build());
  }

  @Override
  IChart chart(int width, int height) {
    if (bars.isEmpty() || groups.isEmpty()) {
      throw new IllegalStateException("there is nothing to draw: the picture has no bars");
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(groupTitle)
            .yAxisTitle(valueTitle)
            .build();
    Picture.style(chart.getStyler());
    chart
        .getStyler()
        .setAvailableSpaceFill(0.8)
        .setPlotGridVerticalLinesVisible(false)
        .setErrorBarsColor(Color.BLACK)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisDecimalPattern("#,##0.###");
    for (int index = 0; index < bars.size(); index++) {
      Bars some = bars.get(index);
      boolean deviates = some.standardDeviations().stream().anyMatch(deviation -> deviation > 0);
      CategorySeries series =
          deviates
              ? chart.addSeries(
                  some.name(),
                  groups,
                  Doubles.asList(some.values().toArray()),
                  Doubles.asList(some.standardDeviations().toArray()))
              : chart.addSeries(some.name(), groups, Doubles.asList(some.values().toArray()));
      double share = bars.size() == 1 ? 0.3 : (double) index / (bars.size() - 1);
      series.setFillColor(Viridis.color(DARKEST + share * (LIGHTEST - DARKEST)));
    }
    return chart;
  }
}
