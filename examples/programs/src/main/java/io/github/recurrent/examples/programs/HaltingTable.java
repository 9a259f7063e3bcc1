package io.github.recurrent.examples.programs;

import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.Locale;

/** The accuracy and the iterations under a halting rule, by number of hops. */
final class HaltingTable {
  private HaltingTable() {}

  static String of(Reasoner reasoner, Split facts, Halting halting) {
    StringBuilder table =
        new StringBuilder(String.format("  hops  accuracy  mean iterations  min  max%n"));
    HaltingStudy study = HaltingStudy.of(reasoner, facts).rules(halting).run();
    for (HaltingStudy.Row row : study.rows()) {
      table.append(
          String.format(
              Locale.ROOT,
              "  %4d  %8.2f  %15.1f  %3d  %3d%n",
              row.hops(),
              row.accuracy(),
              row.meanIterations(),
              row.minIterations(),
              row.maxIterations()));
    }
    return table.toString();
  }
}
