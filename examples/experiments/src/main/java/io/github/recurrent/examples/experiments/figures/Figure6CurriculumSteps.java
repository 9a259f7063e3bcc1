package io.github.recurrent.examples.experiments.figures;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.PaperFigures;
import io.github.recurrent.evaluation.CurriculumSteps;
import io.github.recurrent.evaluation.SideBySide;
import java.io.IOException;

/** The updates after which each number of hops was learned, by model (figure 6). */
public final class Figure6CurriculumSteps {
  private Figure6CurriculumSteps() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if a run is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    ImmutableMap.Builder<String, CurriculumSteps> steps = ImmutableMap.builder();
    for (String name : Studies.models(places)) {
      steps.put(
          Studies.title(name),
          CurriculumSteps.readCheckpoints(places.depth("until_failure/" + name).path()));
    }
    SideBySide<CurriculumSteps> report = SideBySide.of(steps.buildOrThrow());
    places.write("figure-6-curriculum-steps", report, PaperFigures.curriculum(report));
    report.reports().forEach((model, found) -> Places.print("%s: %s", model, found.stages()));
  }
}
