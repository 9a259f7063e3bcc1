package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The generalization ratio over the hops a model has learned, of every stage of several trainings
 * (figure 19, app. J).
 */
public final class Figure19GeneralizationRatio {
  private final Map<String, ImmutableList<GeneralizationRatio>> families = new LinkedHashMap<>();
  private final ImmutableMap.Builder<String, GeneralizationRatio> reports = ImmutableMap.builder();
  private final ConsoleTable table =
      new ConsoleTable(ImmutableList.of("model", "learned hops", "reach", "ratio"));

  private Figure19GeneralizationRatio() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Figure19GeneralizationRatio figure = new Figure19GeneralizationRatio();
    for (String model : places.untilFailure("r2", "r4", "r6", "dynamic")) {
      String title = Studies.title(model);
      figure.families.put(title, figure.stages(title, places.depth("until_failure/" + model)));
    }
    ImmutableList.Builder<GeneralizationRatio> learning = ImmutableList.builder();
    ImmutableList.Builder<GeneralizationRatio> cooledDown = ImmutableList.builder();
    for (long seed : places.cooledDownSeeds()) {
      RunFolder run = places.depth("dynamic_seed_" + seed);
      learning.addAll(figure.stages("dynamic, preset, seed " + seed, run));
      cooledDown.add(
          figure.ratio(
              "dynamic, cooled down, seed " + seed, run.latest(), run, run.stages().lastKey()));
    }
    figure.families.put("dynamic, preset", learning.build());
    figure.families.put("dynamic, cooled down", cooledDown.build());
    print("%s", figure.table);
    places.write(
        "figure-19-generalization-ratio",
        SideBySide.of(figure.reports.buildOrThrow()),
        PaperFigures.ratios(figure.families));
  }

  private ImmutableList<GeneralizationRatio> stages(String family, RunFolder run)
      throws IOException {
    ImmutableList.Builder<GeneralizationRatio> ratios = ImmutableList.builder();
    for (int hops : run.stages().keySet()) {
      if (hops > 1) {
        ratios.add(ratio(family + ", " + hops + " hops", run.stage(hops), run, hops));
      }
    }
    return ratios.build();
  }

  private GeneralizationRatio ratio(String name, Checkpoint learned, RunFolder run, int hops)
      throws IOException {
    GeneralizationRatio ratio =
        GeneralizationRatio.of(Studies.run(learned, run.data().test()).sweep(), hops);
    reports.put(name, ratio);
    table.add(
        ImmutableList.of(
            name, Integer.toString(hops), Integer.toString(ratio.reach()), decimal(ratio.ratio())));
    return ratio;
  }
}
