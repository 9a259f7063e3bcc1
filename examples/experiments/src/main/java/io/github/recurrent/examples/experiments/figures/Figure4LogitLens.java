package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_IID;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_OOD;
import static io.github.recurrent.dataset.CompositionDataset.TRAIN_INFERRED;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.onnx.OnnxTracer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * At which effective layer the bridge entity (at r1) and the answer (at r2) can be read off, in and
 * out of distribution: of the looped model at its three stages, and of the vanilla one at its end
 * (figure 4). Mean and standard deviation of three seeds.
 */
public final class Figure4LogitLens {
  private static final String LOOPED = "l1_r4";
  private static final String VANILLA = "l4_r1";

  private final Places places;
  private final Map<String, List<LogitLens>> byModel = new LinkedHashMap<>();
  private final ImmutableMap.Builder<String, LogitLens> reports = ImmutableMap.builder();

  private Figure4LogitLens(Places places) {
    this.places = places;
  }

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Figure4LogitLens figure = new Figure4LogitLens(places);
    figure.look();
    places.write(
        "figure-4-logit-lens",
        SideBySide.of(figure.reports.buildOrThrow()),
        Panels.of("Entities read off by the logit lens", figure.panels())
            .columns(2)
            .size(460, 300));
  }

  private void look() throws IOException {
    for (long seed = places.seed(); seed < places.seed() + Places.SEEDS; seed++) {
      RunFolder looped = places.composition(LOOPED, seed);
      look("R = 4, memorized", seed, looped.reached(TRAIN_INFERRED), looped);
      look("R = 4, ID learned", seed, looped.reached(TEST_INFERRED_IID), looped);
      look("R = 4, OOD learned", seed, Optional.of(looped.latest()), looped);
      RunFolder vanilla = places.composition(VANILLA, seed);
      look("vanilla L = 4, at the end", seed, Optional.of(vanilla.latest()), vanilla);
    }
  }

  private void look(String name, long seed, Optional<Checkpoint> checkpoint, RunFolder run)
      throws IOException {
    if (checkpoint.isEmpty()) {
      Places.print("%s, seed %d: never came to it", name, seed);
      return;
    }
    RunData data = run.data();
    try (OnnxTracer tracer = OnnxTracer.of(checkpoint.get())) {
      LogitLens lens =
          LogitLens.of(tracer, data.atomic(), data.test())
              .types(Set.of(TEST_INFERRED_IID, TEST_INFERRED_OOD)::contains)
              .run();
      byModel.computeIfAbsent(name, unused -> new ArrayList<>()).add(lens);
      reports.put(name + ", seed " + seed, lens);
    }
  }

  private ImmutableList<Curves> panels() {
    ImmutableList.Builder<Curves> panels = ImmutableList.builder();
    byModel.forEach(
        (name, lenses) -> {
          print(name, lenses);
          panels.add(panel(name + ": ID", lenses, TEST_INFERRED_IID));
          panels.add(panel(name + ": OOD", lenses, TEST_INFERRED_OOD));
        });
    return panels.build();
  }

  private static void print(String name, List<LogitLens> lenses) {
    for (String type : List.of(TEST_INFERRED_IID, TEST_INFERRED_OOD)) {
      Places.print(
          "%s, %s: bridge at r1 %s, answer at r2 %s",
          name,
          type,
          Arrays.toString(decodable(lenses, type, 1, "r1").means()),
          Arrays.toString(decodable(lenses, type, 2, "r2").means()));
    }
  }

  static Curves panel(String title, List<LogitLens> lenses, String type) {
    Curves curves = Curves.titled(title).axes("effective layer", "share decodable").yRange(0, 1);
    curves = curve(curves, "bridge at r1", lenses, type, 1, "r1");
    return curve(curves, "answer at r2", lenses, type, 2, "r2");
  }

  private static Curves curve(
      Curves curves, String name, List<LogitLens> lenses, String type, int hop, String position) {
    Seeds seeds = decodable(lenses, type, hop, position);
    return curves.band(name, seeds.places(), seeds.means(), seeds.standardDeviations());
  }

  private static Seeds decodable(List<LogitLens> lenses, String type, int hop, String position) {
    return Seeds.of(
        lenses.stream().map(lens -> lens.row(type, hop, position).decodable().toArray()).toList());
  }
}
