package io.github.recurrent.examples.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.recurrent.chart.Curves;
import io.github.recurrent.chart.DepthHeatMap;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.evaluation.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/** Draws the pictures of the experiments' reports beside them. */
final class ResultPictures {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ResultPictures() {}

  /** Draws the first sweep of {@link DepthExtrapolation}'s generalization. */
  static Path depthExtrapolation(Path report) throws IOException {
    JsonNode result = JSON.readTree(report.toFile()).required("generalization").required(0);
    int trained = result.required("learnable_recursion_depth").intValue();
    Path picture = picture(report);
    DepthHeatMap.of(sweep(result))
        .title("Accuracy of a dynamic model trained up to " + trained + " hops")
        .iterations(1, 32)
        .trainedHops(trained)
        .write(picture);
    return picture;
  }

  /** Draws the sweep of that result of {@link TrainingStrategies} that reaches furthest. */
  static Path trainingStrategies(Path report) throws IOException {
    JsonNode best = null;
    for (JsonNode result : JSON.readTree(report.toFile())) {
      if (best == null || reach(result) > reach(best)) {
        best = result;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(report + " holds no result");
    }
    int trained = best.required("trained_hops").intValue();
    Path picture = picture(report);
    DepthHeatMap.of(sweep(best))
        .title("Trained up to " + trained + " hops: " + best.required("strategy").textValue())
        .iterations(1, 64)
        .trainedHops(trained)
        .write(picture);
    return picture;
  }

  private static DepthSweep sweep(JsonNode result) {
    return Report.ofJson(result.required("sweep").toString(), DepthSweep.class);
  }

  private static int reach(JsonNode result) {
    return result.required("reach").intValue();
  }

  /** Draws the curves of {@link SystematicGeneralization}'s first seed. */
  static Path systematicGeneralization(Path report) throws IOException {
    JsonNode results = JSON.readTree(report.toFile());
    long seed = results.required(0).required("seed").longValue();
    String looped = results.required(0).required("model").textValue();
    Curves curves = Curves.learning("Two-hop composition, seed " + seed);
    for (JsonNode result : results) {
      if (result.required("seed").longValue() != seed) {
        continue;
      }
      String model = result.required("model").textValue();
      if (model.equals(looped)) {
        curves = curve(curves, model + ": train", result, CompositionDataset.TRAIN_INFERRED);
        curves = curve(curves, model + ": ID", result, CompositionDataset.TEST_INFERRED_IID);
        curves = curve(curves, model + ": OOD", result, CompositionDataset.TEST_INFERRED_OOD);
      } else {
        curves = curve(curves, model + ": OOD", result, CompositionDataset.TEST_INFERRED_OOD);
      }
    }
    Path picture = picture(report);
    curves.write(picture);
    return picture;
  }

  private static Curves curve(Curves curves, String name, JsonNode result, String type) {
    return curves.curve(name, values(result, "step"), values(result, type));
  }

  private static double[] values(JsonNode result, String field) {
    return StreamSupport.stream(result.required("evaluations").spliterator(), false)
        .flatMapToDouble(evaluation -> DoubleStream.of(evaluation.required(field).doubleValue()))
        .toArray();
  }

  private static Path picture(Path report) {
    return report.resolveSibling(
        String.valueOf(report.getFileName()).replaceFirst("\\.json$", "") + ".png");
  }
}
