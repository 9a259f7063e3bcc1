package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_IID;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_OOD;
import static io.github.recurrent.examples.experiments.figures.Places.count;
import static io.github.recurrent.examples.experiments.figures.Places.decimal;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.ActivationPatching;
import io.github.recurrent.evaluation.ActivationPatching.Corruption;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.LogitLens;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.onnx.OnnxTracer;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What a page says of a model of two-hop composition. Not thread-safe. */
final class CompositionSections {
  private static final ImmutableList<String> INFERRED =
      ImmutableList.of(TEST_INFERRED_IID, TEST_INFERRED_OOD);

  private final PageDrawings drawings;

  CompositionSections(PageDrawings drawings) {
    this.drawings = drawings;
  }

  Section of(RunFolder run, Checkpoint model, long seed) throws IOException {
    RunData data = run.data();
    Section section = RunHeader.of(run, model, drawings);
    try (OnnxTracer tracer = OnnxTracer.of(model)) {
      int iterations = model.model().recurrence().max();
      DepthSweep sweep =
          DepthSweep.of(tracer, data.test()).iterations(1, Math.max(8, 2 * iterations)).run();
      LogitLens lens =
          LogitLens.of(tracer, data.atomic(), data.test())
              .types(Set.copyOf(INFERRED)::contains)
              .run();
      ActivationPatching patching =
          ActivationPatching.of(tracer, data.atomic(), data.test())
              .types(Set.copyOf(INFERRED)::contains)
              .corrupt(Corruption.headAndFirstRelation(), seed)
              .run();
      section = accuracies(section, sweep, iterations);
      section = lens(section, lens).table("The logit lens by effective layer", lens.table());
      return patching(section, patching);
    }
  }

  private static Section accuracies(Section section, DepthSweep sweep, int trained) {
    return section.table(
        "Accuracy by type of facts",
        List.of(
            "type",
            "facts",
            "at R = " + trained,
            "best",
            "at r",
            "at r = " + sweep.lastIteration()),
        sweep.rows().stream()
            .map(
                row ->
                    List.of(
                        row.type(),
                        count(row.facts()),
                        decimal(row.accuracy(trained)),
                        decimal(row.bestAccuracy()),
                        Integer.toString(row.bestIteration()),
                        decimal(row.accuracy(sweep.lastIteration()))))
            .toList());
  }

  private Section lens(Section section, LogitLens lens) throws IOException {
    List<LogitLens> one = List.of(lens);
    return drawings.add(
        section,
        Panels.of(
                "Entities read off by the logit lens",
                INFERRED.stream().map(type -> Figure4LogitLens.panel(type, one, type)).toList())
            .columns(2)
            .size(460, 320),
        "Curves of the share of facts whose bridge entity, at r1, and answer, at r2, are decodable"
            + " after each effective layer; the figures are in the table below.",
        "The final layer norm and the head, applied to the hidden state after each effective layer.");
  }

  private Section patching(Section section, ActivationPatching patching) throws IOException {
    List<ActivationPatching> one = List.of(patching);
    return drawings.add(
        section,
        Panels.of(
                "Recovery of the answer's probability by one clean state",
                INFERRED.stream()
                    .map(type -> Figure11ActivationPatching.map(type, one, type))
                    .toList())
            .columns(2)
            .size(460, 320),
        "Heat maps of the recovery over positions and effective layers. "
            + Figure11ActivationPatching.words(patching),
        "The clean state of one position after one effective layer, put into the run of a query with"
            + " another head and first relation.");
  }
}
