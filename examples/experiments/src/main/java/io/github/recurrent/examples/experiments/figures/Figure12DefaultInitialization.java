package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunFolder;
import java.io.IOException;

/**
 * Accuracy over hops and iterations of models of R = 4 whose output projections do not start at
 * zero, three seeds, beside the one whose do (figures 12 and 13, app. F).
 */
public final class Figure12DefaultInitialization {
  private static final int SHOWN_ITERATIONS = 24;

  private final ImmutableMap.Builder<String, DepthSweep> sweeps = ImmutableMap.builder();
  private final ImmutableList.Builder<DepthHeatMap> maps = ImmutableList.builder();

  private Figure12DefaultInitialization() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Figure12DefaultInitialization figure = new Figure12DefaultInitialization();
    figure.add("c_proj at zero, seed " + places.seed(), places.depth("until_failure/r4"));
    for (long seed = places.seed(); seed < places.seed() + Places.SEEDS; seed++) {
      figure.add("default c_proj, seed " + seed, places.own("default_initialization/seed_" + seed));
    }
    places.write(
        "figure-12-default-initialization",
        SideBySide.of(figure.sweeps.buildOrThrow()),
        Panels.of("R = 4: accuracy by hops and iterations", figure.maps.build())
            .columns(2)
            .size(560, 420));
  }

  private void add(String name, RunFolder run) throws IOException {
    if (!Places.isThere(run)) {
      return;
    }
    int depth = run.stages().lastKey();
    Checkpoint learned = run.stage(depth);
    DepthSweep sweep = Studies.run(learned, run.data().test()).sweep();
    print("%s: learned %d hops, reach %d", name, depth, sweep.reach(GeneralizationRatio.ACCURACY));
    sweeps.put(name, sweep);
    maps.add(
        DepthHeatMap.of(sweep)
            .title(name + ": learned " + depth)
            .iterations(1, SHOWN_ITERATIONS)
            .trainedHops(depth)
            .trainedIterations(4));
  }
}
