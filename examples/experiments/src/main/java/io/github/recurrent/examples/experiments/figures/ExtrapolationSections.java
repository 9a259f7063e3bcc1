package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.examples.experiments.figures.Places.count;
import static io.github.recurrent.examples.experiments.figures.Places.decimal;

import com.google.common.primitives.Longs;
import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.GeneralizationRatio;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.evaluation.LogitMargins;
import io.github.recurrent.evaluation.MatchedDepth;
import io.github.recurrent.evaluation.TrajectoryStudy;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a page says of models of depth extrapolation. Not thread-safe. */
final class ExtrapolationSections {
  /** More curves of margins than these would hide one another. */
  private static final int MOST_CURVES = 6;

  private final PageDrawings drawings;
  private final Map<String, DepthSweep> sweeps = new LinkedHashMap<>();
  private final Map<String, Integer> depths = new LinkedHashMap<>();

  ExtrapolationSections(PageDrawings drawings) {
    this.drawings = drawings;
  }

  Section of(RunFolder run, Checkpoint model) throws IOException {
    TrajectoryStudy study = Studies.run(model, run.data().test());
    int trained = Math.max(1, depth(run, model));
    sweeps.put(run.name(), study.sweep());
    depths.put(run.name(), trained);
    HaltingStudy halting = study.halting().orElseThrow();
    Section section = RunHeader.of(run, model, drawings);
    if (!run.stages().isEmpty()) {
      CurriculumSteps steps = steps(run);
      section =
          section
              .table("Updates until each number of hops was learned", steps.table())
              .text(weights(steps, model));
    }
    String rule = Studies.adaptiveRule(model);
    section = heatMap(section, study, trained, model, rule);
    section = byHops(section, study, rule);
    section = margins(section, study.margins());
    return halting(section, halting);
  }

  /** By the record, which tells the time too, where there is one. */
  private static CurriculumSteps steps(RunFolder run) throws IOException {
    return run.record().isPresent()
        ? CurriculumSteps.readJsonLines(run.record().get())
        : CurriculumSteps.readCheckpoints(run.path());
  }

  /** Tells that the weights are the last ones: a stage that failed has changed them too. */
  private static String weights(CurriculumSteps steps, Checkpoint model) {
    int learned = steps.learnableDepth();
    Long updates = Longs.tryParse(model.provenance().getOrDefault("steps", ""));
    return String.format(
        Locale.ROOT,
        "The weights below are the last ones%s; %d hop%s had been learned after %,d updates.",
        updates == null ? "" : String.format(Locale.ROOT, ", after %,d updates", updates),
        learned,
        learned == 1 ? "" : "s",
        steps.steps(learned));
  }

  private static int depth(RunFolder run, Checkpoint model) throws IOException {
    String learned = model.provenance().get("learnable recursion depth");
    if (learned != null) {
      return Integer.parseInt(learned);
    }
    return run.stages().isEmpty() ? 0 : run.stages().lastKey();
  }

  private Section heatMap(
      Section section, TrajectoryStudy study, int trained, Checkpoint model, String rule)
      throws IOException {
    DepthSweep sweep = study.sweep();
    GeneralizationRatio ratio = GeneralizationRatio.of(sweep, trained);
    return drawings.add(
        section,
        DepthHeatMap.of(sweep)
            .title("Accuracy by hops and iterations")
            .trainedHops(trained)
            .trainedIterations(model.model().recurrence().max())
            .adaptive(study.halting().orElseThrow(), rule),
        "Heat map of the accuracy over hops and iterations. Best accuracy by hops: "
            + sweep.rows().stream()
                .map(
                    row ->
                        row.hops()
                            + ": "
                            + decimal(row.bestAccuracy())
                            + " at r = "
                            + row.bestIteration())
                .collect(Collectors.joining("; "))
            + ".",
        "Accuracy on held-out facts. Trained up to "
            + trained
            + " hops, the model answers "
            + ratio.reach()
            + (ratio.isLowerBound() ? " or more" : "")
            + " at 60% with the best number of iterations: a generalization ratio of "
            + decimal(ratio.ratio())
            + ". r*: adaptive halting by "
            + rule
            + ".");
  }

  private static Section byHops(Section section, TrajectoryStudy study, String rule) {
    List<List<String>> rows = new ArrayList<>();
    List<HaltingStudy.Row> adaptive = study.halting().orElseThrow().rows(rule);
    for (int index = 0; index < study.sweep().rows().size(); index++) {
      DepthSweep.Row sweep = study.sweep().rows().get(index);
      LogitMargins.Row margins = study.margins().rows().get(index);
      LogitMargins.Overthinking over = margins.overthinking();
      rows.add(
          List.of(
              Integer.toString(sweep.hops()),
              count(sweep.facts()),
              decimal(sweep.bestAccuracy()),
              Integer.toString(sweep.bestIteration()),
              decimal(adaptive.get(index).accuracy()),
              decimal(adaptive.get(index).meanIterations()),
              Double.isNaN(margins.firstHit()) ? "–" : decimal(margins.firstHit()),
              decimal(over.peakMargin()),
              decimal(over.decay()),
              decimal(over.accuracyLoss())));
    }
    return section.table(
        "Held-out facts by hops: the best number of iterations, adaptive halting (r*), first hit"
            + " and overthinking",
        List.of(
            "hops",
            "facts",
            "best accuracy",
            "at r",
            "r* accuracy",
            "r* iterations",
            "first hit",
            "peak margin",
            "margin lost an iteration",
            "accuracy lost at the end"),
        rows);
  }

  private Section margins(Section section, LogitMargins margins) throws IOException {
    List<LogitMargins.Row> rows = margins.rows();
    int step = Math.max(1, (rows.size() + MOST_CURVES - 1) / MOST_CURVES);
    int[] hops =
        IntStream.range(0, rows.size())
            .filter(index -> index % step == 0)
            .map(index -> rows.get(index).hops())
            .toArray();
    return drawings.add(
        section,
        PaperFigures.margins(margins, hops),
        "Curves of the mean logit margin over iterations. Peaks: "
            + rows.stream()
                .filter(row -> Arrays.stream(hops).anyMatch(one -> one == row.hops()))
                .map(
                    row ->
                        row.hops()
                            + " hops "
                            + decimal(row.overthinking().peakMargin())
                            + " at r = "
                            + row.overthinking().peakIteration())
                .collect(Collectors.joining("; "))
            + ".",
        "The answer's logit less the greatest other. Above 0 the answer is right; a decay after the"
            + " peak is overthinking.");
  }

  private Section halting(Section section, HaltingStudy study) throws IOException {
    return drawings.add(
        section,
        PaperFigures.halting(study),
        "Iterations and accuracy over hops under two halting rules. "
            + study.rows().stream()
                .map(
                    row ->
                        row.rule()
                            + ", "
                            + row.hops()
                            + " hops: "
                            + decimal(row.meanIterations())
                            + " iterations, accuracy "
                            + decimal(row.accuracy()))
                .collect(Collectors.joining("; "))
            + ".",
        "Adaptive halting by divergence alone, and by divergence and entropy.");
  }

  /** Returns whether there are models to compare that were swept over the same facts. */
  boolean areComparable() {
    return sweeps.size() > 1
        && sweeps.values().stream()
                .map(sweep -> sweep.rows().stream().map(DepthSweep.Row::type).toList())
                .distinct()
                .count()
            == 1;
  }

  Section comparison() throws IOException {
    MatchedDepth.Run run = MatchedDepth.compare().evenIfUnmatched();
    for (Map.Entry<String, DepthSweep> sweep : sweeps.entrySet()) {
      run = run.model(sweep.getKey(), sweep.getValue(), depths.getOrDefault(sweep.getKey(), 1));
    }
    MatchedDepth found = run.run();
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, MatchedDepth.Model> model : found.models().entrySet()) {
      GeneralizationRatio ratio = model.getValue().ratio();
      rows.add(
          List.of(
              model.getKey(),
              Integer.toString(ratio.learnableDepth()),
              (ratio.isLowerBound() ? "≥ " : "") + ratio.reach(),
              (ratio.isLowerBound() ? "≥ " : "") + decimal(ratio.ratio())));
    }
    return drawings
        .add(
            Section.titled("Side by side"),
            PaperFigures.matchedDepth(found),
            "Curves of the best accuracy over hops of "
                + found.models().size()
                + " runs; their reach is in the table.",
            "Accuracy over hops, each at its best number of iterations.")
        .table(
            "Reach at 60% accuracy over trained hops",
            List.of("run", "trained hops", "reach", "ratio"), rows);
  }
}
