package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;

/**
 * How the logit margin of the right answer rises, peaks and decays over iterations, with the mean
 * first hit marked, of models trained with R = 4, R = 6 and a dynamic number (figure 8).
 */
public final class Figure8LogitMargins {
  private static final int[] SHOWN_HOPS = {2, 4, 5, 6, 8, 10};

  private Figure8LogitMargins() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableMap.Builder<String, LogitMargins> reports = ImmutableMap.builder();
    ImmutableList.Builder<Curves> curves = ImmutableList.builder();
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "model", "hops", "first hit", "hit share", "peak at", "peak", "decay", "loss"));
    for (String name : ImmutableList.of("r4", "r6", "dynamic")) {
      boolean cooledDown = name.equals("dynamic");
      RunFolder run =
          places.depth(cooledDown ? "dynamic_seed_" + places.seed() : "until_failure/" + name);
      if (!Places.isThere(run)) {
        continue;
      }
      Checkpoint trained = cooledDown ? run.latest() : run.stage(run.stages().lastKey());
      String title = cooledDown ? "dynamic, cooled down" : Studies.title(name);
      LogitMargins margins = Studies.run(trained, run.data().test()).margins();
      reports.put(title, margins);
      curves.add(
          PaperFigures.margins(margins, SHOWN_HOPS)
              .title(title + ", trained up to " + run.stages().lastKey() + " hops"));
      for (LogitMargins.Row row : margins.rows()) {
        LogitMargins.Overthinking over = row.overthinking();
        table.add(
            ImmutableList.of(
                title,
                Integer.toString(row.hops()),
                decimal(row.firstHit()),
                decimal(row.hitShare()),
                Integer.toString(over.peakIteration()),
                decimal(over.peakMargin()),
                decimal(over.decay()),
                decimal(over.accuracyLoss())));
      }
    }
    print("%s", table);
    places.write(
        "figure-8-logit-margins",
        SideBySide.of(reports.buildOrThrow()),
        Panels.of("Logit margins over iterations", curves.build()));
  }
}
