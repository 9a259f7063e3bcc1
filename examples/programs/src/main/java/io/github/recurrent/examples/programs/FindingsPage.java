package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.HaltingStudy;
import io.github.recurrent.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The findings as one HTML file, which needs nothing else. */
final class FindingsPage {
  private FindingsPage() {}

  /**
   * Writes figures, picture and page into the run's folder.
   *
   * @param lead what was trained, in a sentence
   * @param choices what the run was asked for, by name
   */
  static void write(
      Findings findings, RunFolder run, String lead, Map<String, String> choices, int trainedHops)
      throws IOException {
    HtmlPage.Section accuracy = HtmlPage.Section.titled("Accuracy");
    try {
      accuracy = withPicture(accuracy, findings, run.picture(), trainedHops);
    } catch (IllegalStateException e) {
      accuracy = accuracy.text(String.valueOf(e.getMessage()));
    }
    accuracy =
        accuracy
            .table(
                "After so many iterations",
                findings.columns(),
                findings.sweep().rows().stream().map(FindingsPage::cells).toList())
            .table(
                "By itself (" + findings.adaptive().rules().get(0) + ")",
                ImmutableList.of("hops", "facts", "accuracy", "mean iterations", "least", "most"),
                findings.adaptive().rows().stream().map(FindingsPage::cells).toList());
    findings.sweep().write(run.path().resolve("sweep.csv"));
    findings.adaptive().write(run.path().resolve("halting.csv"));
    HtmlPage.Section answers =
        HtmlPage.Section.titled("Answers, iteration by iteration")
            .text("The most probable token after each iteration, until the model halts.");
    for (AnswerSteps answer : findings.answers()) {
      answers =
          answers.table(
              answer.query() + ": " + answer,
              ImmutableList.of("iteration", "token", "probability"),
              rows(answer));
    }
    HtmlPage.titled("A recurrent-depth transformer, from graph to answers")
        .lead(lead)
        .section(accuracy)
        .section(answers)
        .section(HtmlPage.Section.titled("This run").list(choices))
        .write(run.page());
  }

  private static HtmlPage.Section withPicture(
      HtmlPage.Section section, Findings findings, Path picture, int trainedHops)
      throws IOException {
    DepthHeatMap.of(findings.sweep())
        .trainedHops(trainedHops)
        .adaptive(findings.adaptive())
        .write(picture);
    return section.picture(
        picture,
        "Accuracy by hops, in rows, and iterations, in columns",
        "Held-out facts of each number of hops, after each number of iterations; on the right where"
            + " the model halts by itself.");
  }

  private static List<String> cells(DepthSweep.Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(row.hops()));
    for (int iterations : Findings.SHOWN) {
      cells.add(decimal(row.accuracy(iterations)));
    }
    return cells;
  }

  private static List<String> cells(HaltingStudy.Row row) {
    return ImmutableList.of(
        Integer.toString(row.hops()),
        Integer.toString(row.facts()),
        decimal(row.accuracy()),
        decimal(row.meanIterations()),
        Integer.toString(row.minIterations()),
        Integer.toString(row.maxIterations()));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static List<List<String>> rows(AnswerSteps answer) {
    List<List<String>> rows = new ArrayList<>();
    for (AnswerSteps.Step step : answer.steps()) {
      rows.add(
          ImmutableList.of(
              Integer.toString(rows.size() + 1),
              step.token(),
              String.format(Locale.ROOT, "%.3f", step.probability())));
    }
    return rows;
  }
}
