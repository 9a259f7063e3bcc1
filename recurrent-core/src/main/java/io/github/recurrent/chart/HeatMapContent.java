package io.github.recurrent.chart;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Optional;
import org.immutables.value.Value;

/** What a heat map shows. */
@Value.Immutable
abstract class HeatMapContent {
  abstract String title();

  @Value.Default
  String rowTitle() {
    return "";
  }

  abstract ImmutableList<String> rowLabels();

  @Value.Default
  String columnTitle() {
    return "";
  }

  abstract ImmutableList<String> columnLabels();

  /** Returns the values, by row. */
  abstract ImmutableList<ImmutableDoubleArray> values();

  @Value.Default
  String valueTitle() {
    return "";
  }

  @Value.Default
  double least() {
    return 0;
  }

  @Value.Default
  double greatest() {
    return 1;
  }

  /** Returns the column that stands apart. */
  abstract Optional<Apart> apart();

  /** Returns what is marked between rows. */
  abstract Optional<Line> rowLine();

  /** Returns what is marked between columns. */
  abstract Optional<Line> columnLine();

  abstract Optional<Marks> marks();

  record Apart(String label, ImmutableDoubleArray values) {}

  record Line(int before, String label) {}

  record Marks(String label, ImmutableDoubleArray columns) {}
}
