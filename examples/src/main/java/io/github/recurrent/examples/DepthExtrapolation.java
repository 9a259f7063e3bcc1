package io.github.recurrent.examples;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Presets;
import io.github.recurrent.tf.ProgressBar;
import io.github.recurrent.tf.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The paper's depth extrapolation (§4, figures 5 and 19) at laptop size.
 *
 * <p>First, how many hops a model learns by curriculum with R = 1, 2, 4, 6 iterations and with a
 * dynamic number: its <em>learnable recursion depth</em>. Then, for a dynamic model trained up to 5
 * hops with three seeds, how far beyond it reaches with more iterations than it was trained with,
 * and what too many iterations cost.
 *
 * <p>Usage: {@code DepthExtrapolation [seed [report.json [runs]]]}; the picture lies beside the
 * report, and every training is kept below {@code runs/depth-extrapolation}, for analyses, as a
 * {@link RunFolder}.
 */
public final class DepthExtrapolation {
  private static final int TESTED_HOPS = 16;
  private static final ImmutableList<Integer> SHOWN_ITERATIONS =
      ImmutableList.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 24, 32, 64, 100);

  private static final ImmutableMap<String, Recurrence> RECURRENCES =
      ImmutableMap.of(
          "R = 1", Recurrence.fixed(1),
          "R = 2", Recurrence.fixed(2),
          "R = 4", Recurrence.fixed(4),
          "R = 6", Recurrence.fixed(6),
          "dynamic", Recurrence.poisson(4).between(2, 8));

  private final Preset preset = Presets.laptopExtrapolation();
  private final ObjectNode report = JsonMapper.builder().build().createObjectNode();
  private final long seed;
  private final Path runs;

  private DepthExtrapolation(long seed, Path runs) {
    this.seed = seed;
    this.runs = runs;
  }

  /**
   * Runs the experiment.
   *
   * @throws IOException if the report cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    Path file = told.path(1, "target/depth-extrapolation.json");
    DepthExtrapolation experiment =
        new DepthExtrapolation(told.seed(), told.path(2, "runs/depth-extrapolation"));
    experiment.learnableDepths();
    experiment.generalization();
    Files.writeString(
        file,
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(experiment.report)
            + "\n");
    print(
        "The figures are in %s, the picture in %s", file, ResultPictures.depthExtrapolation(file));
  }

  private void learnableDepths() throws IOException {
    MultiHopDataset data = LaptopExtrapolation.data(TESTED_HOPS, seed);
    Curriculum curriculum = LaptopExtrapolation.untilFailure(TESTED_HOPS).atomicShare(0.3);
    ConsoleTable table =
        new ConsoleTable(ImmutableList.of("model", "learnable depth", "reach", "steps", "minutes"));
    ArrayNode results = report.putArray("learnable_depth");
    RECURRENCES.forEach(
        (name, recurrence) -> {
          print("%n%s", name);
          Instant begin = Instant.now();
          Checkpoint trained =
              train(
                  data,
                  recurrence,
                  seed,
                  trainer -> trainer.curriculum(curriculum),
                  RunFolder.of(runs.resolve("until_failure").resolve(folder(name))));
          Duration duration = Duration.between(begin, Instant.now());
          DepthSweep sweep = LaptopExtrapolation.sweep(trained, data, TESTED_HOPS);
          printSweep(sweep);
          table.add(
              ImmutableList.of(
                  name,
                  Integer.toString(LaptopExtrapolation.depth(trained)),
                  Integer.toString(sweep.reach(LaptopExtrapolation.BAR)),
                  String.valueOf(trained.provenance().get("steps")),
                  String.format(Locale.ROOT, "%.1f", duration.toMillis() / 60e3)));
          results.add(result(name, seed, trained, sweep));
        });
    print(
        "%nLearnable recursion depth, and hops answered at %.0f%% with any iterations:",
        100 * LaptopExtrapolation.BAR);
    print("%s", table);
  }

  private void generalization() throws IOException {
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of("seed", "trained hops", "reach", "ratio", "r=16", "r=100"));
    ArrayNode results = report.putArray("generalization");
    for (long one = seed; one < seed + 3; one++) {
      print("%nDynamic, up to 5 hops, seed %d", one);
      MultiHopDataset data = LaptopExtrapolation.data(TESTED_HOPS, one);
      Checkpoint trained =
          train(
              data,
              Recurrence.poisson(4).between(2, 8),
              one,
              trainer -> trainer,
              RunFolder.of(runs.resolve("dynamic_seed_" + one)));
      DepthSweep sweep = LaptopExtrapolation.sweep(trained, data, TESTED_HOPS);
      printSweep(sweep);
      table.add(
          ImmutableList.of(
              Long.toString(one),
              Integer.toString(LaptopExtrapolation.depth(trained)),
              Integer.toString(sweep.reach(LaptopExtrapolation.BAR)),
              String.format(
                  Locale.ROOT,
                  "%.1f",
                  (double) sweep.reach(LaptopExtrapolation.BAR)
                      / LaptopExtrapolation.depth(trained)),
              decimal(LaptopExtrapolation.accuracy(sweep, 5, 16)),
              decimal(LaptopExtrapolation.accuracy(sweep, 5, LaptopExtrapolation.MAX_ITERATIONS))));
      results.add(result("dynamic", one, trained, sweep));
    }
    print(
        "%nGeneralization ratio at %.0f%%; accuracy on the trained hops by iterations:",
        100 * LaptopExtrapolation.BAR);
    print("%s", table);
  }

  /** Changes a trainer. */
  private interface Change {
    Trainer apply(Trainer trainer);
  }

  private Checkpoint train(
      MultiHopDataset data, Recurrence recurrence, long root, Change change, RunFolder run) {
    RecurrentDepthTransformer model =
        preset.model(data.vocabulary()).recurrence(recurrence).build();
    Trainer trainer = preset.trainer(model).seed(root).listener(ProgressBar.create());
    try {
      return run.keep(change.apply(trainer), RunData.of(data)).train(data);
    } catch (IOException e) {
      throw new UncheckedIOException("a checkpoint cannot be written", e);
    }
  }

  /** A model's name as that of a folder, such as {@code r4}. */
  private static String folder(String name) {
    return name.replace(" = ", "").toLowerCase(Locale.ROOT);
  }

  private static void printSweep(DepthSweep sweep) {
    ImmutableList.Builder<String> head = ImmutableList.<String>builder().add("hops");
    SHOWN_ITERATIONS.forEach(iteration -> head.add("r=" + iteration));
    ConsoleTable table = new ConsoleTable(head.build());
    for (DepthSweep.Row row : sweep.rows()) {
      ImmutableList.Builder<String> cells =
          ImmutableList.<String>builder().add(Integer.toString(row.hops()));
      SHOWN_ITERATIONS.forEach(iteration -> cells.add(decimal(row.accuracy(iteration))));
      table.add(cells.build());
    }
    print("%s", table);
  }

  private ObjectNode result(String name, long root, Checkpoint trained, DepthSweep sweep) {
    ObjectNode result = report.objectNode();
    result
        .put("model", name)
        .put("seed", root)
        .put("learnable_recursion_depth", LaptopExtrapolation.depth(trained))
        .put("reach", sweep.reach(LaptopExtrapolation.BAR));
    ObjectNode provenance = result.putObject("provenance");
    trained.provenance().forEach(provenance::put);
    result.set("sweep", sweep.toJson());
    return result;
  }

  private static String decimal(double share) {
    return String.format(Locale.ROOT, "%.2f", share);
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
