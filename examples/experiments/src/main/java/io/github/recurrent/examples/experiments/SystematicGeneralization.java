package io.github.recurrent.examples.experiments;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.evaluation.LearningRecord;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The paper's systematic generalization (§3, figure 3) at laptop size: two-hop composition of facts
 * that were only ever seen alone.
 *
 * <p>A looped model (L = 1, R = 4) first memorizes compositions, then generalizes to held-out
 * compositions of facts it has seen composed, then to facts it has never seen composed. The same
 * block without loops, and a vanilla stack of four blocks that does the same work for a query, are
 * trained alike.
 *
 * <p>Usage: {@code SystematicGeneralization [seed [report.json [runs]]]}; the picture lies beside
 * the report; three seeds from the given one. Every training is kept below {@code
 * runs/systematic-generalization}, for analyses, as a {@link RunFolder}, with the checkpoints at
 * which a model memorizes and generalizes. Ctrl-C keeps a checkpoint, and the same command goes on
 * from it.
 */
public final class SystematicGeneralization {
  private static final int SEEDS = 3;

  /** What counts as reached: nearly all for what is in distribution, half for what is not. */
  private static final ImmutableMap<String, Double> BARS =
      ImmutableMap.of(
          CompositionDataset.TRAIN_INFERRED, 0.9,
          CompositionDataset.TEST_INFERRED_IID, 0.9,
          CompositionDataset.TEST_INFERRED_OOD, 0.5);

  private record Shape(String name, int layers, int iterations) {
    String folder() {
      return "l" + layers + "_r" + iterations;
    }
  }

  private static final ImmutableList<Shape> SHAPES =
      ImmutableList.of(
          new Shape("L = 1, R = 4", 1, 4),
          new Shape("L = 1, R = 1", 1, 1),
          new Shape("vanilla, L = 4", 4, 1));

  private SystematicGeneralization() {}

  /**
   * Runs the experiment.
   *
   * @throws IOException if the report cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    long seed = told.seed();
    Path file = told.path(1, "target/systematic-generalization.json");
    Path runs = told.path(2, "runs/systematic-generalization");
    JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ArrayNode report = json.createArrayNode();
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of("model", "seed", "train", "ID", "OOD", "train at", "ID at", "OOD at"));
    for (Shape shape : SHAPES) {
      for (long one = seed; one < seed + SEEDS; one++) {
        print("%n%s, seed %d", shape.name(), one);
        RunFolder run = RunFolder.of(runs.resolve(shape.folder()).resolve("seed_" + one));
        Checkpoint trained = train(shape, one, run);
        LearningRecord record = LearningRecord.readJsonLines(run.record().orElseThrow());
        table.add(row(shape.name(), one, record));
        ObjectNode result = report.addObject().put("model", shape.name()).put("seed", one);
        trained.provenance().forEach(result.putObject("provenance")::put);
        ArrayNode evaluations = result.putArray("evaluations");
        record
            .evaluations()
            .forEach(
                evaluation ->
                    evaluation
                        .accuracies()
                        .forEach(
                            evaluations
                                    .addObject()
                                    .put("step", evaluation.step())
                                    .put("seconds", evaluation.seconds())
                                ::put));
      }
    }
    print("%nAccuracy at the end, and the step at which train and ID reach 0.9 and OOD 0.5:");
    print("%s", table);
    Files.writeString(file, json.writeValueAsString(report) + "\n");
    print(
        "The figures are in %s, the picture in %s",
        file, ResultPictures.systematicGeneralization(file));
  }

  private static Checkpoint train(Shape shape, long seed, RunFolder run) throws IOException {
    CompositionDataset data = LaptopComposition.data(seed);
    print("%s", data);
    return run.trained(
        LaptopComposition.trainer(data, shape.layers(), shape.iterations(), seed)
            .listener(ProgressBar.create()),
        RunData.of(data),
        kept -> kept.train(data));
  }

  private static ImmutableList<String> row(String name, long seed, LearningRecord record) {
    ImmutableList.Builder<String> row = ImmutableList.builder();
    row.add(name).add(Long.toString(seed));
    BARS.forEach((type, bar) -> row.add(String.format(Locale.ROOT, "%.2f", last(record, type))));
    BARS.forEach(
        (type, bar) ->
            row.add(
                record
                    .reached(type, bar)
                    .map(evaluation -> Long.toString(evaluation.step()))
                    .orElse("never")));
    return row.build();
  }

  private static double last(LearningRecord record, String type) {
    ImmutableList<LearningRecord.Evaluation> evaluations = record.evaluations(type);
    return evaluations.get(evaluations.size() - 1).accuracies().getOrDefault(type, Double.NaN);
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
