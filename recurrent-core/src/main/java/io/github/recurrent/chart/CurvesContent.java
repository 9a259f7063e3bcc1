package io.github.recurrent.chart;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Optional;
import org.immutables.value.Value;

/** What curves show. */
@Value.Immutable
abstract class CurvesContent {
  abstract String title();

  @Value.Default
  String xTitle() {
    return "";
  }

  @Value.Default
  String yTitle() {
    return "";
  }

  abstract Optional<Range> xRange();

  abstract Optional<Range> yRange();

  abstract ImmutableList<Curve> curves();

  abstract ImmutableList<Line> lines();

  abstract Optional<Marks> marks();

  record Range(double least, double greatest) {}

  /**
   * A curve.
   *
   * @param standardDeviations how far its band reaches up and down; empty if it has none
   * @param points whether only its points are drawn
   */
  record Curve(
      String name,
      ImmutableDoubleArray x,
      ImmutableDoubleArray y,
      ImmutableDoubleArray standardDeviations,
      boolean points) {}

  record Line(String label, boolean upright, double place) {}

  record Marks(String label, ImmutableDoubleArray x, ImmutableDoubleArray y) {}
}
