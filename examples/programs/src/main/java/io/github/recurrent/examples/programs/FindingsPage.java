package io.github.recurrent.examples.programs;

import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.report.Grid;
import io.github.recurrent.report.HtmlPage;
import io.github.recurrent.report.Illustration;
import io.github.recurrent.report.Section;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** The findings as one HTML file, which needs nothing else. */
final class FindingsPage {
  private FindingsPage() {}

  /**
   * Draws the accuracy over hops and iterations, and writes picture and page into the run's folder.
   *
   * @param lead what was trained, in a sentence
   * @param choices what the run was asked for, by name
   */
  static void write(
      Findings findings, RunFolder run, String lead, Map<String, String> choices, int trainedHops)
      throws IOException {
    DepthHeatMap.of(findings.sweep())
        .title("Accuracy by hops and iterations")
        .trainedHops(trainedHops)
        .adaptive(findings.adaptive())
        .write(run.picture());
    HtmlPage page =
        HtmlPage.titled("A recurrent-depth transformer, from graph to answers")
            .lead(lead)
            .section(
                Section.titled("Accuracy")
                    .picture(
                        Illustration.read(
                            run.picture(),
                            "Accuracy by hops, in rows, and iterations, in columns",
                            "Held-out facts of each number of hops, after each number of iterations;"
                                + " on the right where the model halts by itself."))
                    .table(Grid.of("Under adaptive halting", findings.adaptive().table())));
    Section answers =
        Section.titled("Answers, iteration by iteration")
            .text("The most probable token after each iteration, until the model halts.");
    for (AnswerSteps answer : findings.answers()) {
      answers = answers.table(grid(answer));
    }
    page.section(answers).section(Section.titled("This run").list(choices)).write(run.page());
  }

  private static Grid grid(AnswerSteps answer) {
    Grid grid = Grid.captioned(answer.query() + ": " + answer, "iteration", "token", "probability");
    for (int index = 0; index < answer.steps().size(); index++) {
      AnswerSteps.Step step = answer.steps().get(index);
      grid =
          grid.row(
              Integer.toString(index + 1),
              step.token(),
              String.format(Locale.ROOT, "%.3f", step.probability()));
    }
    return grid;
  }
}
