package io.github.recurrent.examples.experiments.figures;

import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_IID;
import static io.github.recurrent.dataset.CompositionDataset.TEST_INFERRED_OOD;
import static io.github.recurrent.dataset.CompositionDataset.TRAIN_INFERRED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.Panels;
import io.github.recurrent.evaluation.Bands;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.evaluation.Report;
import io.github.recurrent.evaluation.SideBySide;
import io.github.recurrent.examples.experiments.console.Arguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Accuracy of two-hop composition over steps and over time, with bands over seeds, and the three
 * stages of the looped model (figure 3), from the report of the systematic generalization.
 *
 * <p>Time is that of a step, measured first for each shape, times the steps: run it on an idle
 * machine. Arguments: {@code [seed [runs [results [report]]]]}.
 */
public final class Figure3Grokking {
  private record Shape(String model, int layers, int iterations) {}

  private static final ImmutableList<Shape> SHAPES =
      ImmutableList.of(
          new Shape("L = 1, R = 4", 1, 4),
          new Shape("L = 1, R = 1", 1, 1),
          new Shape("vanilla, L = 4", 4, 1));

  private final Map<String, Bands> bands = new LinkedHashMap<>();
  private final Map<String, Double> secondsOfStep = new LinkedHashMap<>();

  private Figure3Grokking() {}

  /**
   * Draws the figure.
   *
   * @throws IOException if the report is missing
   */
  public static void main(String[] arguments) throws IOException {
    Places places = Places.of(arguments);
    Path report = Arguments.of(arguments).path(3, "results/systematic-generalization.json");
    Figure3Grokking figure = new Figure3Grokking();
    JsonNode results = JsonMapper.builder().build().readTree(report.toFile());
    for (Shape shape : SHAPES) {
      figure.bands.put(shape.model(), Bands.of(records(results, shape.model())));
      double seconds = StepTime.measure(shape.layers(), shape.iterations(), places.seed());
      figure.secondsOfStep.put(shape.model(), seconds);
      Places.print("%s: %.1f ms a step", shape.model(), seconds * 1e3);
    }
    places.write(
        "figure-3-grokking",
        SideBySide.of(figure.drawn()),
        Panels.of(
                "Two-hop composition, mean ± standard deviation of " + Places.SEEDS + " seeds",
                List.of(figure.bySteps(), figure.byTime(), figure.stages()))
            .size(800, 360));
  }

  /** Returns the bands that are drawn. */
  private ImmutableMap<String, Bands> drawn() {
    ImmutableMap.Builder<String, Bands> drawn = ImmutableMap.builder();
    bands.forEach(
        (model, rows) -> {
          for (String type : List.of(TRAIN_INFERRED, TEST_INFERRED_IID, TEST_INFERRED_OOD)) {
            if (type.equals(TEST_INFERRED_OOD) || model.equals(SHAPES.get(0).model())) {
              drawn.put(model + ", " + type, rows.where("type", type));
            }
          }
        });
    return drawn.buildOrThrow();
  }

  private static List<LearningRecord> records(JsonNode results, String model) {
    ImmutableList.Builder<LearningRecord> records = ImmutableList.builder();
    for (JsonNode result : results) {
      if (result.required("model").textValue().equals(model)) {
        records.add(Report.ofJson(result.toString(), LearningRecord.class));
      }
    }
    return records.build();
  }

  private Curves bySteps() {
    Curves curves = Curves.learning("Out of distribution (OOD), by training steps");
    for (Map.Entry<String, Bands> model : bands.entrySet()) {
      curves = curve(curves, model.getKey(), model.getValue(), TEST_INFERRED_OOD, 1);
    }
    return curves;
  }

  private Curves byTime() {
    Curves curves =
        Curves.learning("Out of distribution (OOD), by time").axes("training time (s)", "accuracy");
    for (Map.Entry<String, Bands> model : bands.entrySet()) {
      double seconds = secondsOfStep.getOrDefault(model.getKey(), Double.NaN);
      curves = curve(curves, model.getKey(), model.getValue(), TEST_INFERRED_OOD, seconds);
    }
    return curves;
  }

  private Curves stages() {
    Shape looped = SHAPES.get(0);
    Bands rows = bands.values().iterator().next();
    Curves curves = Curves.learning("Three stages of " + looped.model() + ", by training steps");
    curves = curve(curves, "train", rows, TRAIN_INFERRED, 1);
    curves = curve(curves, "held out (ID)", rows, TEST_INFERRED_IID, 1);
    return curve(curves, "never composed (OOD)", rows, TEST_INFERRED_OOD, 1);
  }

  private static Curves curve(Curves curves, String name, Bands rows, String type, double scale) {
    Bands wanted = rows.where("type", type);
    double[] steps = wanted.numbers("step");
    return curves.band(
        name,
        Arrays.stream(steps).map(step -> step * scale).toArray(),
        wanted.means("accuracy"),
        wanted.standardDeviations("accuracy"));
  }
}
