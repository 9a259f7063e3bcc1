package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.chart.HeatMap;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.examples.experiments.RunFolder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Accuracy over hops and up to 40 iterations of a dynamic model trained with three seeds: mean and
 * standard deviation (figures 15 to 18, app. I).
 */
public final class Figure15Seeds {
  private static final String ACCURACY = "accuracy";

  private Figure15Seeds() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableList.Builder<DepthSweep> all = ImmutableList.builder();
    for (long seed : places.cooledDownSeeds()) {
      RunFolder run = places.depth("dynamic_seed_" + seed);
      DepthSweep sweep = Studies.run(run.latest(), run.data().test()).sweep();
      GeneralizationRatio ratio = GeneralizationRatio.of(sweep);
      print(
          "seed %d: trained %d hops, reach %d, ratio %s",
          seed, ratio.learnableDepth(), ratio.reach(), decimal(ratio.ratio()));
      all.add(sweep);
    }
    List<DepthSweep> sweeps = all.build();
    Bands bands = Bands.of(sweeps);
    places.write(
        "figure-15-seeds",
        bands,
        Panels.of(
            "A dynamic model over " + sweeps.size() + " seeds",
            List.of(
                map("mean accuracy", sweeps.get(0), bands.means(ACCURACY)),
                map("deviation of the accuracy", sweeps.get(0), bands.standardDeviations(ACCURACY))
                    .range(0, 0.5))));
  }

  /** Draws figures that are in the order of a sweep's rows and iterations. */
  private static HeatMap map(String title, DepthSweep shape, double[] figures) {
    int columns = shape.lastIteration() - shape.firstIteration() + 1;
    double[][] values =
        IntStream.range(0, shape.rows().size())
            .mapToObj(row -> Arrays.copyOfRange(figures, row * columns, (row + 1) * columns))
            .toArray(double[][]::new);
    return HeatMap.titled(title)
        .rows("hops", shape.rows().stream().map(row -> Integer.toString(row.hops())).toList())
        .columns(
            "iterations r",
            IntStream.rangeClosed(shape.firstIteration(), shape.lastIteration())
                .mapToObj(Integer::toString)
                .toList())
        .values(title, values);
  }
}
