package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;

/**
 * Iterations and accuracy over hops under adaptive halting, by divergence alone and by divergence
 * and entropy, of a dynamic model (figures 9 and 10); three seeds, the first of them drawn.
 */
public final class Figure9AdaptiveHalting {
  private Figure9AdaptiveHalting() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableMap.Builder<String, HaltingStudy> reports = ImmutableMap.builder();
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of("seed", "rule", "hops", "accuracy", "mean iterations", "at limit"));
    for (long seed : places.cooledDownSeeds()) {
      RunFolder run = places.depth("dynamic_seed_" + seed);
      HaltingStudy study = Studies.run(run.latest(), run.data().test()).halting().orElseThrow();
      reports.put("seed " + seed, study);
      for (HaltingStudy.Row row : study.rows()) {
        table.add(
            ImmutableList.of(
                Long.toString(seed),
                row.rule(),
                Integer.toString(row.hops()),
                decimal(row.accuracy()),
                decimal(row.meanIterations()),
                decimal(row.atLimit())));
      }
    }
    print("%s", table);
    SideBySide<HaltingStudy> report = SideBySide.of(reports.buildOrThrow());
    places.write(
        "figure-9-adaptive-halting",
        report,
        PaperFigures.halting(report.report("seed " + places.seed())));
  }
}
