package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.decimal;
import static io.github.recurrent.examples.experiments.figures.Places.print;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.evaluation.ShortcutStudy;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.models.Exported;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Why chains of any length seem to be answered where relations are not permutations: the last few
 * relations decide the answer (app. B and K). A model on a graph of random tails beside one on a
 * graph of permutations, both of which answer more hops than they were trained on.
 */
public final class Shortcut {
  private static final int ITERATIONS = 24;
  private static final ImmutableSet<Integer> DRAWN_HOPS = ImmutableSet.of(8, LaptopTraining.HOPS);

  private final ImmutableMap.Builder<String, ShortcutStudy> reports = ImmutableMap.builder();
  private final List<Curves> curves = new ArrayList<>();

  private Shortcut() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Shortcut figure = new Shortcut();
    figure.study("random tails", places.own("shortcut/random_tails"));
    figure.study("permutations", places.own("shortcut/permutations"));
    places.write(
        "shortcut",
        SideBySide.of(figure.reports.buildOrThrow()),
        Panels.of("The answer when only the last relations are kept", figure.curves)
            .columns(2)
            .size(560, 420));
  }

  private void study(String name, RunFolder run) throws IOException {
    if (!Places.isThere(run)) {
      return;
    }
    RunData data = run.data();
    ShortcutStudy study =
        Exported.ask(
            run.latest(),
            reasoner ->
                ShortcutStudy.of(reasoner, data.atomic(), data.test())
                    .halting(Halting.fixed(ITERATIONS))
                    .run());
    reports.put(name, study);
    Curves drawn =
        Curves.titled(name + ", trained up to " + run.stages().lastKey() + " hops")
            .axes("last relations kept", "share whose answer stays")
            .yRange(0, 1);
    for (ShortcutStudy.Row row : study.rows()) {
      print(
          "%s, %s: %d of %d answered right; relations that decide 90%%: %s",
          name,
          row.type(),
          row.answered(),
          row.facts(),
          row.decidingRelations(0.9).isPresent()
              ? Integer.toString(row.decidingRelations(0.9).getAsInt())
              : "none");
      if (DRAWN_HOPS.contains(row.hops())) {
        drawn = curves(drawn, row);
      }
    }
    curves.add(drawn);
  }

  private static Curves curves(Curves drawn, ShortcutStudy.Row row) {
    List<ShortcutStudy.Kept> kept =
        row.kept().stream().filter(one -> !Double.isNaN(one.modelKeeps())).toList();
    if (kept.isEmpty()) {
      return drawn;
    }
    double[] relations = kept.stream().mapToDouble(ShortcutStudy.Kept::relations).toArray();
    double[] model = kept.stream().mapToDouble(ShortcutStudy.Kept::modelKeeps).toArray();
    print("  kept %s: %s", row.type(), decimal(model[model.length / 2]));
    return drawn
        .curve(row.hops() + " hops: model", relations, model)
        .curve(
            row.hops() + " hops: graph",
            relations,
            kept.stream().mapToDouble(ShortcutStudy.Kept::graphKeeps).toArray());
  }
}
