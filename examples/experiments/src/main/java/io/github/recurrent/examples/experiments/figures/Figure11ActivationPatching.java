package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_IID;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_OOD;
import static io.github.recurrent.examples.experiments.figures.Places.decimal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.HeatMap;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.ActivationPatching.Corruption;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.onnx.OnnxTracer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How much of the answer comes back when the clean state of one position after one effective layer
 * is put into the run of a query with another head and first relation, of the looped and the
 * vanilla model, in and out of distribution (figure 11, app. E). Mean of three seeds.
 */
public final class Figure11ActivationPatching {
  private static final ImmutableList<String> POSITIONS = ImmutableList.of("h", "r1", "r2");

  private Figure11ActivationPatching() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableMap.Builder<String, ActivationPatching> reports = ImmutableMap.builder();
    ImmutableList.Builder<HeatMap> maps = ImmutableList.builder();
    for (String shape : List.of("l1_r4", "l4_r1")) {
      String model = shape.equals("l1_r4") ? "looped, L = 1, R = 4" : "vanilla, L = 4";
      List<ActivationPatching> seeds = new ArrayList<>();
      for (long seed = places.seed(); seed < places.seed() + Places.SEEDS; seed++) {
        ActivationPatching found = patch(places.composition(shape, seed), seed);
        seeds.add(found);
        reports.put(model + ", seed " + seed, found);
        Places.print("%s, seed %d: %s", model, seed, words(found));
      }
      maps.add(map(model + ": ID", seeds, TEST_INFERRED_IID));
      maps.add(map(model + ": OOD", seeds, TEST_INFERRED_OOD));
    }
    places.write(
        "figure-11-activation-patching",
        SideBySide.of(reports.buildOrThrow()),
        Panels.of("Recovery of the answer's probability by one clean state", maps.build())
            .columns(2)
            .size(460, 300));
  }

  private static ActivationPatching patch(RunFolder run, long seed) throws IOException {
    RunData data = run.data();
    try (OnnxTracer tracer = OnnxTracer.of(run.latest())) {
      return ActivationPatching.of(tracer, data.atomic(), data.test())
          .types(Set.of(TEST_INFERRED_IID, TEST_INFERRED_OOD)::contains)
          .corrupt(Corruption.headAndFirstRelation(), seed)
          .run();
    }
  }

  static HeatMap map(String title, List<ActivationPatching> seeds, String type) {
    double[][] values =
        POSITIONS.stream()
            .map(
                position ->
                    Seeds.of(
                            seeds.stream()
                                .map(
                                    found ->
                                        found
                                            .row(type)
                                            .place(position)
                                            .probabilityRecovery()
                                            .toArray())
                                .toList())
                        .means())
            .map(Figure11ActivationPatching::rounded)
            .toArray(double[][]::new);
    return HeatMap.titled(title)
        .rows("position", POSITIONS)
        .columns(
            "effective layer",
            IntStream.range(0, values[0].length).mapToObj(Integer::toString).toList())
        .values("recovery", values);
  }

  /** Rounds to what a cell shows, so that none shows -0.00. */
  private static double[] rounded(double[] values) {
    return Arrays.stream(values).map(value -> Math.round(100 * value) / 100.0).toArray();
  }

  /** Returns the recoveries in words. */
  static String words(ActivationPatching found) {
    StringBuilder words = new StringBuilder();
    for (ActivationPatching.Row row : found.rows()) {
      for (ActivationPatching.Place place : row.places()) {
        words.append(row.type()).append(", ").append(place.position()).append(':');
        place.probabilityRecovery().forEach(one -> words.append(' ').append(decimal(one)));
        words.append(". ");
      }
    }
    return words.toString().trim();
  }
}
