package io.github.recurrent.examples.experiments.figures;

import io.github.recurrent.evaluation.Bands.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Mean and standard deviation, place by place, of figures that several seeds have; over those that
 * have one where others have none.
 */
final class Seeds {
  private final List<double[]> figures;

  private Seeds(List<double[]> figures) {
    this.figures = figures;
  }

  static Seeds of(List<double[]> figures) {
    return new Seeds(figures);
  }

  double[] means() {
    return spreads(Spread::mean);
  }

  double[] standardDeviations() {
    return spreads(Spread::standardDeviation);
  }

  private double[] spreads(ToDoubleFunction<Spread> value) {
    return IntStream.range(0, figures.get(0).length)
        .mapToDouble(
            place -> {
              double[] found =
                  figures.stream()
                      .mapToDouble(one -> one[place])
                      .filter(one -> !Double.isNaN(one))
                      .toArray();
              return found.length == 0 ? Double.NaN : value.applyAsDouble(Spread.of(found));
            })
        .toArray();
  }

  /** Returns 0, 1, …, as many as there are places. */
  double[] places() {
    double[] places = new double[figures.get(0).length];
    Arrays.setAll(places, place -> place);
    return places;
  }
}
