package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.LaptopExtrapolation;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.models.Exported;
import java.io.IOException;

/**
 * Accuracy over hops of vanilla models of 8, 16 and 24 layers, without loops (figure 14, app. G).
 */
public final class Figure14Vanilla {
  private static final int[] LAYERS = {8, 16, 24};

  private Figure14Vanilla() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableMap.Builder<String, DepthSweep> sweeps = ImmutableMap.builder();
    Curves curves =
        Curves.titled("Vanilla models, each at the last stage it has learned")
            .axes("hops", "accuracy")
            .yRange(0, 1)
            .levelLine("chance", 1.0 / LaptopExtrapolation.ENTITIES);
    for (int layers : LAYERS) {
      RunFolder run = places.own("vanilla/l" + layers);
      if (!Places.isThere(run)) {
        continue;
      }
      int depth = run.stages().lastKey();
      Split facts = run.data().test();
      DepthSweep sweep =
          Exported.ask(
              run.stage(depth), reasoner -> DepthSweep.of(reasoner, facts).iterations(1, 1).run());
      print(
          "L = %d: learned %d hops, reach %d",
          layers, depth, sweep.reach(GeneralizationRatio.ACCURACY));
      sweeps.put("L = " + layers, sweep);
      curves =
          curves.curve(
              "L = " + layers + ", learned " + depth,
              sweep.rows().stream().mapToDouble(DepthSweep.Row::hops).toArray(),
              sweep.rows().stream().mapToDouble(row -> row.accuracy(1)).toArray());
    }
    places.write("figure-14-vanilla", SideBySide.of(sweeps.buildOrThrow()), curves);
  }
}
