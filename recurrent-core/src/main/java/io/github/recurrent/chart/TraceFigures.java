package io.github.recurrent.chart;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.evaluation.ShortcutStudy;
import io.github.recurrent.evaluation.SideBySide;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The paper's figures of what happens inside a model, each by one call. */
public final class TraceFigures {
  private static final String LAYERS = "effective layer";

  private TraceFigures() {}

  /**
   * Draws from which effective layer on the entities of a chain can be read off (figure 4), one
   * curve for each model and position.
   *
   * @param type the type of the facts, such as {@code test_inferred_ood}
   * @throws IllegalArgumentException if a model has no facts of the type
   */
  public static Curves logitLens(SideBySide<LogitLens> models, String type) {
    Curves curves =
        Curves.titled("Entities read off, " + type)
            .axes(LAYERS, "share of facts decodable")
            .yRange(0, 1);
    for (Map.Entry<String, LogitLens> model : models.reports().entrySet()) {
      List<LogitLens.Row> rows =
          model.getValue().rows().stream().filter(row -> row.type().equals(type)).toList();
      if (rows.isEmpty()) {
        throw new IllegalArgumentException(
            "no facts of type \"" + type + "\" were read off \"" + model.getKey() + "\"");
      }
      for (LogitLens.Row row : rows) {
        String entity = row.hop() == row.hops() ? "answer" : "entity " + row.hop();
        curves =
            curves.curve(
                model.getKey() + ": " + entity + " at " + row.position(),
                places(row.decodable()),
                row.decodable().toArray());
      }
    }
    return curves;
  }

  /**
   * Draws how much of the answers' probability the clean states of each position bring back (figure
   * 11), over effective layers.
   *
   * @param type the type of the facts, such as {@code test_inferred_ood}
   * @throws IllegalArgumentException if there are no facts of the type
   */
  public static HeatMap activationPatching(ActivationPatching patching, String type) {
    // The rows of a heat map go up; a chain is read downwards.
    ImmutableList<ActivationPatching.Place> places = patching.row(type).places().reverse();
    return HeatMap.titled("Recovery by clean states, " + type)
        .rows("position", Lists.transform(places, ActivationPatching.Place::position))
        .columns(
            LAYERS,
            IntStream.rangeClosed(0, patching.effectiveLayers())
                .mapToObj(Integer::toString)
                .toList())
        .values(
            "recovery of the answer's probability",
            places.stream()
                .map(place -> place.probabilityRecovery().toArray())
                .toArray(double[][]::new));
  }

  /**
   * Draws how often an answer stays when only the last relations of its chain are kept (appendices
   * B and K), by the models and by the graph.
   *
   * @param type the type of the facts, such as {@code 20hop_test}
   * @throws IllegalArgumentException if a model has no facts of the type, or answers none right
   */
  public static Curves shortcut(SideBySide<ShortcutStudy> models, String type) {
    Curves curves =
        Curves.titled("Answers decided by the last relations, " + type)
            .axes("last relations kept", "share of answers that stay")
            .yRange(0, 1);
    for (Map.Entry<String, ShortcutStudy> model : models.reports().entrySet()) {
      List<ShortcutStudy.Kept> kept = model.getValue().row(type).kept();
      double[] relations = kept.stream().mapToDouble(ShortcutStudy.Kept::relations).toArray();
      curves =
          curves
              .curve(
                  model.getKey(),
                  relations,
                  kept.stream().mapToDouble(ShortcutStudy.Kept::modelKeeps).toArray())
              .curve(
                  model.getKey() + ": graph",
                  relations,
                  kept.stream().mapToDouble(ShortcutStudy.Kept::graphExpects).toArray());
    }
    return curves;
  }

  private static double[] places(ImmutableDoubleArray figures) {
    return IntStream.range(0, figures.length()).asDoubleStream().toArray();
  }
}
