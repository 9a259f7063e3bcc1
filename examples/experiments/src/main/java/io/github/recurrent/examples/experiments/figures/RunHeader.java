package io.github.recurrent.examples.experiments.figures;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.report.HtmlPage.Section;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a page says of any run: the model, where it came from, and how its training went. */
final class RunHeader {
  private RunHeader() {}

  static Section of(RunFolder run, Checkpoint model, PageDrawings drawings) throws IOException {
    Section section =
        Section.titled(run.name())
            .text(
                String.format(
                    Locale.ROOT,
                    "A recurrent-depth transformer of %,d parameters: width %d, %d layer%s, %d heads,"
                        + " trained with %s.",
                    model.model().parameterCount(),
                    model.model().width(),
                    model.model().layers(),
                    model.model().layers() == 1 ? "" : "s",
                    model.model().heads(),
                    model.model().recurrence()))
            .list(entries(model));
    if (run.record().isEmpty()) {
      return section.text("The run has no record of its training.");
    }
    LearningRecord record = LearningRecord.readJsonLines(run.record().orElseThrow());
    Curves curves = Curves.learning("Accuracy during the training");
    for (String type : record.types()) {
      List<LearningRecord.Evaluation> evaluations = record.evaluations(type);
      curves =
          curves.curve(
              type,
              evaluations.stream().mapToDouble(LearningRecord.Evaluation::step).toArray(),
              evaluations.stream()
                  .mapToDouble(one -> one.accuracies().getOrDefault(type, Double.NaN))
                  .toArray());
    }
    return drawings.add(
        section,
        curves,
        "Curves of the accuracy over training steps. At the end: "
            + record.types().stream()
                .map(type -> type + " " + Places.decimal(last(record.evaluations(type), type)))
                .collect(Collectors.joining(", "))
            + ".",
        "Accuracy on test facts while the model was trained.");
  }

  private static double last(List<LearningRecord.Evaluation> evaluations, String type) {
    return evaluations.get(evaluations.size() - 1).accuracies().getOrDefault(type, Double.NaN);
  }

  private static ImmutableMap<String, String> entries(Checkpoint model) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("model", model.model().toString());
    entries.putAll(model.provenance());
    return ImmutableMap.copyOf(entries);
  }
}
