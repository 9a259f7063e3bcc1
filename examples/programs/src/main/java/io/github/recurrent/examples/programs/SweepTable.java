package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Locale;

/** The accuracy by number of hops, in rows, and number of iterations, in columns. */
final class SweepTable {
  private static final ImmutableList<Integer> SHOWN =
      ImmutableList.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40);

  private SweepTable() {}

  static String of(Reasoner reasoner, Split facts, int maxIterations) {
    StringBuilder table = new StringBuilder("  hops");
    SHOWN.forEach(iterations -> table.append(String.format("  %4s", "r=" + iterations)));
    table.append(System.lineSeparator());
    for (DepthSweep.Row row :
        DepthSweep.of(reasoner, facts).iterations(1, maxIterations).run().rows()) {
      table.append(String.format(Locale.ROOT, "  %4d", row.hops()));
      for (int iterations : SHOWN) {
        table.append(String.format(Locale.ROOT, "  %4.2f", row.accuracy(iterations)));
      }
      table.append(System.lineSeparator());
    }
    return table.toString();
  }
}
