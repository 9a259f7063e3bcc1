package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.evaluation.TrajectoryStudy;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import java.io.IOException;

/**
 * Accuracy over hops and iterations of models trained with R = 1, 2, 4, 6 and a dynamic number
 * until a stage failed, each as it was when it had learned its last stage, and of the cooled-down
 * dynamic one (figure 5); with a column r* for adaptive halting.
 */
public final class Figure5HeatMaps {
  private static final int SHOWN_ITERATIONS = 24;

  private final Places places;
  private final ImmutableMap.Builder<String, DepthSweep> sweeps = ImmutableMap.builder();
  private final ImmutableList.Builder<DepthHeatMap> maps = ImmutableList.builder();
  private final ConsoleTable table =
      new ConsoleTable(ImmutableList.of("model", "learned hops", "reach", "ratio"));

  private Figure5HeatMaps(Places places) {
    this.places = places;
  }

  /**
   * Draws the figure.
   *
   * @throws IOException if a run cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    new Figure5HeatMaps(Places.of(arguments)).draw();
  }

  private void draw() throws IOException {
    for (String name : Studies.models(places)) {
      RunFolder run = places.depth("until_failure/" + name);
      add(Studies.title(name), run, run.stage(run.stages().lastKey()));
    }
    for (long seed : places.cooledDownSeeds()) {
      RunFolder run = places.depth("dynamic_seed_" + seed);
      add("dynamic, cooled down, seed " + seed, run, run.latest());
    }
    print("%s", table);
    places.write(
        "figure-5-heat-maps",
        SideBySide.of(sweeps.buildOrThrow()),
        Panels.of("Accuracy by hops and iterations", maps.build()).columns(2).size(560, 420));
  }

  private void add(String name, RunFolder run, Checkpoint learned) throws IOException {
    int depth = run.stages().lastKey();
    TrajectoryStudy study = Studies.run(learned, run.data().test());
    sweeps.put(name, study.sweep());
    maps.add(
        DepthHeatMap.of(study.sweep())
            .title(name + ", learned " + depth + (depth == 1 ? " hop" : " hops"))
            .iterations(1, SHOWN_ITERATIONS)
            .trainedHops(depth)
            .trainedIterations(learned.model().recurrence().max())
            .adaptive(study.halting().orElseThrow(), Studies.adaptiveRule(learned)));
    GeneralizationRatio ratio = GeneralizationRatio.of(study.sweep(), depth);
    table.add(
        ImmutableList.of(
            name,
            Integer.toString(depth),
            Integer.toString(ratio.reach()),
            decimal(ratio.ratio())));
  }
}
