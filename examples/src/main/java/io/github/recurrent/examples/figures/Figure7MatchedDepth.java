package io.github.recurrent.examples.figures;

import static io.github.recurrent.examples.figures.Places.decimal;
import static io.github.recurrent.examples.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.ConsoleTable;
import io.github.recurrent.examples.RunFolder;
import java.io.IOException;
import java.util.List;

/**
 * Models that were trained with different numbers of iterations, each as it was when it had learnt
 * the same hops: R = 4, R = 6 and a dynamic number at the hops that R = 4 learns, and the last two
 * at those that R = 6 learns (figure 7, app. H).
 */
public final class Figure7MatchedDepth {
  private final Places places;
  private final ImmutableMap.Builder<String, MatchedDepth> comparisons = ImmutableMap.builder();
  private final ImmutableList.Builder<Curves> curves = ImmutableList.builder();
  private final ConsoleTable table =
      new ConsoleTable(ImmutableList.of("trained hops", "model", "reach", "ratio"));

  private Figure7MatchedDepth(Places places) {
    this.places = places;
  }

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Figure7MatchedDepth figure = new Figure7MatchedDepth(places);
    figure.compare(places.untilFailure("r4", "r6", "dynamic"));
    figure.compare(places.untilFailure("r6", "dynamic"));
    print("%s", figure.table);
    places.write(
        "figure-7-matched-depth",
        SideBySide.of(figure.comparisons.buildOrThrow()),
        Panels.of("Models matched in trained hops", figure.curves.build()));
  }

  /** Compares models at the greatest number of hops that all of them have learnt. */
  private void compare(List<String> models) throws IOException {
    if (models.size() < 2) {
      return;
    }
    int hops = Integer.MAX_VALUE;
    for (String model : models) {
      hops = Math.min(hops, run(model).stages().lastKey());
    }
    MatchedDepth.Run comparison = MatchedDepth.compare().iterations(4, 6, 8, 12, 16, 24);
    for (String model : models) {
      DepthSweep sweep = Studies.run(run(model).stage(hops), run(model).data().test()).sweep();
      comparison = comparison.model(Studies.title(model), sweep, hops);
    }
    MatchedDepth found = comparison.run();
    String trained = "trained up to " + hops + " hops";
    comparisons.put(models.size() + " models, " + trained, found);
    curves.add(PaperFigures.matchedDepth(found).title(models.size() + " models " + trained));
    for (var model : found.models().entrySet()) {
      table.add(
          ImmutableList.of(
              Integer.toString(hops),
              model.getKey(),
              Integer.toString(model.getValue().ratio().reach()),
              decimal(model.getValue().ratio().ratio())));
    }
  }

  private RunFolder run(String model) {
    return places.depth("until_failure/" + model);
  }
}
