package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models that were trained with R = 4, R = 6 and a dynamic number of iterations, each as it was
 * when it had learned the same hops (figure 7, app. H).
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
    print("%s", figure.table);
    places.write(
        "figure-7-matched-depth",
        SideBySide.of(figure.comparisons.buildOrThrow()),
        Panels.of("Models matched in trained hops", figure.curves.build()));
  }

  /**
   * Compares, at every depth at which training ended for one, those models that have learned it.
   */
  private void compare(List<String> models) throws IOException {
    Map<String, Integer> learned = new LinkedHashMap<>();
    for (String model : models) {
      learned.put(model, run(model).stages().lastKey());
    }
    for (int hops : ImmutableSortedSet.copyOf(learned.values())) {
      List<String> able = List.copyOf(Maps.filterValues(learned, depth -> depth >= hops).keySet());
      if (able.size() >= 2) {
        compare(able, hops);
      }
    }
  }

  private void compare(List<String> models, int hops) throws IOException {
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
