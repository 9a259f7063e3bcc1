package io.github.recurrent.chart;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.evaluation.LearningRecord.Evaluation;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.ShortcutStudy;
import io.github.recurrent.evaluation.SideBySide;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The paper's figures of reports and of what happens inside a model, each by one call. */
public final class PaperFigures {
  private static final String LAYERS = "effective layer";

  private PaperFigures() {}

  /**
   * Draws accuracies over the steps of trainings (figure 3, left), one curve for each training and
   * type of facts.
   *
   * @param types the types of facts that are drawn
   * @throws IllegalArgumentException if a training has no facts of a type
   */
  public static Curves learning(SideBySide<LearningRecord> trainings, String... types) {
    return learning(trainings, "training step", Evaluation::step, types);
  }

  /**
   * Draws accuracies over the time of trainings (figure 3, middle), one curve for each training and
   * type of facts.
   *
   * @param types the types of facts that are drawn
   * @throws IllegalArgumentException if a training has no facts of a type, or does not tell its
   *     time
   */
  public static Curves learningByTime(SideBySide<LearningRecord> trainings, String... types) {
    return learning(trainings, "time (s)", Evaluation::seconds, types);
  }

  private static Curves learning(
      SideBySide<LearningRecord> trainings,
      String axis,
      ToDoubleFunction<Evaluation> place,
      String... types) {
    Curves curves = Curves.learning("Accuracy during training").axes(axis, "accuracy");
    for (Map.Entry<String, LearningRecord> training : trainings.reports().entrySet()) {
      for (String type : types) {
        List<Evaluation> evaluations = training.getValue().evaluations(type);
        curves =
            curves.curve(
                training.getKey() + ": " + type,
                evaluations.stream().mapToDouble(place).toArray(),
                evaluations.stream()
                    .mapToDouble(one -> one.accuracies().getOrDefault(type, Double.NaN))
                    .toArray());
      }
    }
    return curves;
  }

  /**
   * Draws the mean accuracy of several seeds over steps (figure 3), one band for each type of
   * facts.
   *
   * @param bands of {@link LearningRecord}s
   * @throws IllegalArgumentException if there are no facts of a type
   */
  public static Curves learning(Bands bands, String... types) {
    Curves curves =
        Curves.learning("Accuracy during training, mean ± standard deviation of several seeds");
    for (String type : types) {
      Bands rows = bands.where("type", type);
      curves =
          curves.band(
              type,
              rows.numbers("step"),
              rows.means("accuracy"),
              rows.standardDeviations("accuracy"));
    }
    return curves;
  }

  /**
   * Draws the heat maps of several models (figure 5), two beside one another.
   *
   * @throws IllegalArgumentException if a sweep has no facts
   */
  public static Panels sweeps(SideBySide<DepthSweep> sweeps) {
    ImmutableList.Builder<DepthHeatMap> maps = ImmutableList.builder();
    sweeps
        .reports()
        .forEach(
            (model, sweep) -> {
              DepthHeatMap map = DepthHeatMap.of(sweep).title(model);
              maps.add(
                  sweep
                      .setup()
                      .model()
                      .map(trained -> map.trainedIterations(trained.recurrence().max()))
                      .orElse(map));
            });
    return Panels.of("Accuracy by hops and iterations", maps.build()).columns(2).size(640, 480);
  }

  /** Draws the updates that curricula needed to learn each number of hops (figure 6). */
  public static Curves curriculum(SideBySide<CurriculumSteps> trainings) {
    Curves curves =
        Curves.titled("Updates to learn each number of hops")
            .axes("hops", "updates since training began");
    for (Map.Entry<String, CurriculumSteps> training : trainings.reports().entrySet()) {
      List<CurriculumSteps.Stage> stages = training.getValue().stages();
      curves =
          curves.curve(
              training.getKey(),
              stages.stream().mapToDouble(CurriculumSteps.Stage::hops).toArray(),
              stages.stream().mapToDouble(CurriculumSteps.Stage::steps).toArray());
    }
    return curves;
  }

  /**
   * Draws the accuracies on held-out facts over hops of models matched in depth (figure 7), each at
   * its best r.
   */
  public static Curves matchedDepth(MatchedDepth comparison) {
    Curves curves =
        Curves.titled("Accuracy at the best number of iterations")
            .axes("hops", "accuracy")
            .yRange(0, 1);
    for (Map.Entry<String, MatchedDepth.Model> model : comparison.models().entrySet()) {
      List<MatchedDepth.Row> rows =
          model.getValue().rows().stream().filter(row -> Split.isHeldOut(row.type())).toList();
      curves =
          curves.curve(
              model.getKey(),
              rows.stream().mapToDouble(MatchedDepth.Row::hops).toArray(),
              rows.stream().mapToDouble(MatchedDepth.Row::bestAccuracy).toArray());
    }
    if (comparison.isMatched()) {
      int depth = comparison.models().values().iterator().next().ratio().learnableDepth();
      curves = curves.uprightLine("trained up to " + depth + " hops", depth);
    }
    return curves;
  }

  /**
   * Draws margins of held-out facts over iterations, with the mean first hits marked (figure 8).
   *
   * @param hops the numbers of hops that are drawn
   * @throws IllegalArgumentException if there are no held-out facts of a number of hops
   */
  public static Curves margins(LogitMargins margins, int... hops) {
    Curves curves =
        Curves.titled("How sure the right answer is")
            .axes("iterations r", "mean logit margin (logits)")
            .levelLine("", 0);
    List<Double> hitX = new ArrayList<>();
    List<Double> hitY = new ArrayList<>();
    for (int wanted : hops) {
      LogitMargins.Row row =
          margins.rows().stream()
              .filter(one -> one.hops() == wanted && Split.isHeldOut(one.type()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no held-out facts of "
                              + wanted
                              + " hops; there are those of "
                              + margins.rows().stream()
                                  .filter(one -> Split.isHeldOut(one.type()))
                                  .map(LogitMargins.Row::hops)
                                  .toList()));
      ImmutableDoubleArray.Builder x = ImmutableDoubleArray.builder();
      ImmutableDoubleArray.Builder y = ImmutableDoubleArray.builder();
      for (int r = margins.firstIteration(); r <= margins.lastIteration(); r++) {
        x.add(r);
        y.add(row.margin(r));
      }
      curves = curves.curve(wanted + " hops", x.build().toArray(), y.build().toArray());
      if (!Double.isNaN(row.firstHit())) {
        hitX.add(row.firstHit());
        hitY.add(between(row, row.firstHit()));
      }
    }
    return hitX.isEmpty() ? curves : curves.marks("mean first hit", array(hitX), array(hitY));
  }

  /**
   * Draws the mean margins of held-out facts of several seeds over iterations (figure 8), one band
   * for each number of hops.
   *
   * @param bands of {@link LogitMargins}
   * @param hops the numbers of hops that are drawn
   * @throws IllegalArgumentException if there are no held-out facts of a number of hops
   */
  public static Curves margins(Bands bands, int... hops) {
    Curves curves =
        Curves.titled("How sure the right answer is, mean ± standard deviation of several seeds")
            .axes("iterations r", "mean logit margin (logits)")
            .levelLine("", 0);
    for (int wanted : hops) {
      Bands rows = heldOut(bands.where("hops", wanted));
      curves =
          curves.band(
              wanted + " hops",
              rows.numbers("iterations"),
              rows.means("margin"),
              rows.standardDeviations("margin"));
    }
    return curves;
  }

  private static Bands heldOut(Bands bands) {
    return bands.where("type", type -> Split.isHeldOut(type.toString()));
  }

  private static double between(LogitMargins.Row row, double iteration) {
    int below = (int) Math.floor(iteration);
    double rest = iteration - below;
    return rest == 0
        ? row.margin(below)
        : (1 - rest) * row.margin(below) + rest * row.margin(below + 1);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Draws iterations and accuracies on held-out facts over hops under the rules of a study (figures
   * 9 and 10), in two panels; the bands are the standard deviation over the facts.
   *
   * @throws IllegalArgumentException if there are no held-out facts, or two types of them have the
   *     same number of hops
   */
  public static Panels halting(HaltingStudy study) {
    return halting(SideBySide.of(Map.of("", study)));
  }

  /**
   * Draws iterations and accuracies on held-out facts over hops under the rules of several models'
   * studies, in two panels; the bands are the standard deviation over the facts.
   *
   * @throws IllegalArgumentException if there are no held-out facts, or two types of them have the
   *     same number of hops
   */
  public static Panels halting(SideBySide<HaltingStudy> studies) {
    Curves iterations =
        Curves.titled("Iterations until a row halts, mean ± standard deviation over facts")
            .axes("hops", "iterations r");
    Curves accuracies =
        Curves.titled("Accuracy of the answers").axes("hops", "accuracy").yRange(0, 1);
    for (Map.Entry<String, HaltingStudy> study : studies.reports().entrySet()) {
      for (String rule : study.getValue().rules()) {
        List<HaltingStudy.Row> rows =
            study.getValue().rows(rule).stream()
                .filter(row -> Split.isHeldOut(row.type()))
                .toList();
        checkArgument(
            !rows.isEmpty(),
            "there are no held-out facts to draw, only %s",
            study.getValue().rows(rule).stream().map(HaltingStudy.Row::type).toList());
        checkArgument(
            rows.stream().mapToInt(HaltingStudy.Row::hops).distinct().count() == rows.size(),
            "types of facts are drawn by their hops, but some of %s have the same",
            rows.stream().map(HaltingStudy.Row::type).toList());
        String name = study.getKey().isEmpty() ? rule : study.getKey() + ": " + rule;
        double[] hops = rows.stream().mapToDouble(HaltingStudy.Row::hops).toArray();
        iterations =
            iterations.band(
                name,
                hops,
                rows.stream().mapToDouble(HaltingStudy.Row::meanIterations).toArray(),
                rows.stream().mapToDouble(HaltingStudy.Row::iterationsStandardDeviation).toArray());
        accuracies =
            accuracies.curve(
                name, hops, rows.stream().mapToDouble(HaltingStudy.Row::accuracy).toArray());
      }
    }
    return Panels.of("", ImmutableList.of(iterations, accuracies));
  }

  /**
   * Draws the generalization ratio over the learnable depth (figure 19), with points of their own
   * for each family of models.
   */
  public static Curves ratios(Map<String, ? extends Collection<GeneralizationRatio>> families) {
    Curves curves =
        Curves.titled("Generalization ratio")
            .axes("learnable recursion depth (hops)", "reach over learnable depth")
            .levelLine("", 1);
    for (var family : families.entrySet()) {
      curves =
          curves.points(
              family.getKey(),
              family.getValue().stream().mapToDouble(GeneralizationRatio::learnableDepth).toArray(),
              family.getValue().stream().mapToDouble(GeneralizationRatio::ratio).toArray());
    }
    return curves;
  }

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
