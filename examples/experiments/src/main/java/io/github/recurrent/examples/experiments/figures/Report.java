package io.github.recurrent.examples.experiments.figures;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.report.HtmlPage;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes one page of HTML on one or several runs, with all pictures inside: of depth extrapolation
 * the sweep, margins, and halting, of two-hop composition the logit lens and activation patching,
 * and of all their training, configuration and provenance.
 *
 * <p>Arguments: {@code seed, page.html, run, …}; a run is the folder of a training.
 */
public final class Report {
  private Report() {}

  /**
   * Writes the page.
   *
   * @throws IllegalArgumentException if no run is given
   * @throws IOException if a run is missing, or the page cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    List<String> runs = told.from(2);
    checkArgument(
        !runs.isEmpty(),
        "a report is told: seed, page.html, and the folders of runs, not %s",
        told);
    Path file = told.path(1, "report.html");
    try (PageDrawings drawings = new PageDrawings()) {
      page(runs, told.seed(), drawings).write(file);
    }
    Places.print("The report is %s", file);
  }

  private static HtmlPage page(List<String> runs, long seed, PageDrawings drawings)
      throws IOException {
    HtmlPage page =
        HtmlPage.titled(runs.size() == 1 ? "Report on a run" : "Report on " + runs.size() + " runs")
            .lead("Held-out accuracy and what goes on inside, with how each model came to be.");
    ExtrapolationSections extrapolation = new ExtrapolationSections(drawings);
    CompositionSections composition = new CompositionSections(drawings);
    for (String name : runs) {
      RunFolder run = RunFolder.of(Path.of(name));
      Checkpoint model = run.latest();
      Section section =
          run.data().test().byType().containsKey(CompositionDataset.TEST_INFERRED_OOD)
              ? composition.of(run, model, seed)
              : extrapolation.of(run, model);
      page = page.section(section);
    }
    return extrapolation.areComparable() ? page.section(extrapolation.comparison()) : page;
  }
}
