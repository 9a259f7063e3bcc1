package io.github.recurrent.examples.experiments;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.tf.Curriculum;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

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
 * {@link RunFolder}. Ctrl-C keeps a checkpoint of every training, and the same command goes on from
 * them.
 */
public final class DepthExtrapolation {
  private static final int TESTED_HOPS = 16;
  private static final int SEEDS = 3;
  private static final String DYNAMIC = "dynamic";
  private static final ImmutableList<Integer> SHOWN_ITERATIONS =
      ImmutableList.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 24, 32, 64, 100);

  private static final ImmutableMap<String, Recurrence> RECURRENCES =
      ImmutableMap.<String, Recurrence>builder()
          .put("R = 1", Recurrence.fixed(1))
          .put("R = 2", Recurrence.fixed(2))
          .put("R = 4", Recurrence.fixed(4))
          .put("R = 6", Recurrence.fixed(6))
          .put(DYNAMIC, Recurrence.poisson(4).between(2, 8))
          .buildOrThrow();

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Preset preset = Preset.laptopExtrapolation();
  private final ObjectNode report = JSON.createObjectNode();
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
    experiment.run();
    Files.writeString(file, JSON.writeValueAsString(experiment.report) + "\n");
    print(
        "The figures are in %s, the picture in %s", file, ResultPictures.depthExtrapolation(file));
  }

  private void run() throws IOException {
    MultiHopDataset data = LaptopExtrapolation.data(TESTED_HOPS, seed);
    Curriculum curriculum = LaptopExtrapolation.untilFailure(TESTED_HOPS).atomicShare(0.3);
    ImmutableList.Builder<Callable<Swept>> trainings = ImmutableList.builder();
    RECURRENCES.forEach(
        (name, recurrence) ->
            trainings.add(
                () ->
                    train(
                        name,
                        seed,
                        trainer(data, recurrence, seed).curriculum(curriculum),
                        data,
                        runs.resolve("until_failure").resolve(folder(name)))));
    for (long one = seed; one < seed + SEEDS; one++) {
      trainings.add(cooledDown(one));
    }
    ImmutableList<Swept> swept = TrainingsAtOnce.run(trainings.build());
    learnableDepths(swept.subList(0, RECURRENCES.size()));
    generalization(swept.subList(RECURRENCES.size(), swept.size()));
  }

  private Callable<Swept> cooledDown(long root) {
    return () -> {
      MultiHopDataset data = LaptopExtrapolation.data(TESTED_HOPS, root);
      return train(
          DYNAMIC,
          root,
          trainer(data, Objects.requireNonNull(RECURRENCES.get(DYNAMIC)), root),
          data,
          runs.resolve("dynamic_seed_" + root));
    };
  }

  private Trainer trainer(MultiHopDataset data, Recurrence recurrence, long root) {
    return preset
        .trainer(preset.model(data.vocabulary()).recurrence(recurrence).build())
        .seed(root);
  }

  private static Swept train(
      String name, long root, Trainer trainer, MultiHopDataset data, Path folder)
      throws IOException {
    Checkpoint trained =
        RunFolder.of(folder)
            .trained(
                trainer.listener(ProgressBar.named(String.valueOf(folder.getFileName()))),
                RunData.of(data),
                kept -> kept.train(data));
    DepthSweep sweep = LaptopExtrapolation.sweep(trained, data, TESTED_HOPS);
    print("%n%s%n%s", folder, table(sweep));
    return new Swept(name, root, trained, sweep);
  }

  private void learnableDepths(List<Swept> models) throws IOException {
    ConsoleTable table =
        new ConsoleTable(ImmutableList.of("model", "learnable depth", "reach", "steps"));
    ArrayNode results = report.putArray("learnable_depth");
    for (Swept model : models) {
      table.add(
          ImmutableList.of(
              model.name(),
              Integer.toString(model.depth()),
              Integer.toString(model.reach()),
              String.valueOf(model.trained().provenance().get("steps"))));
      results.add(model.toJson());
    }
    print(
        "%nLearnable recursion depth, and hops answered at %.0f%% with any iterations:",
        100 * LaptopExtrapolation.BAR);
    print("%s", table);
  }

  private void generalization(List<Swept> models) throws IOException {
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of("seed", "trained hops", "reach", "ratio", "r=16", "r=100"));
    ArrayNode results = report.putArray("generalization");
    for (Swept model : models) {
      table.add(
          ImmutableList.of(
              Long.toString(model.seed()),
              Integer.toString(model.depth()),
              Integer.toString(model.reach()),
              String.format(Locale.ROOT, "%.1f", (double) model.reach() / model.depth()),
              decimal(LaptopExtrapolation.accuracy(model.sweep(), 5, 16)),
              decimal(
                  LaptopExtrapolation.accuracy(
                      model.sweep(), 5, LaptopExtrapolation.MAX_ITERATIONS))));
      results.add(model.toJson());
    }
    print(
        "%nGeneralization ratio at %.0f%%; accuracy on the trained hops by iterations:",
        100 * LaptopExtrapolation.BAR);
    print("%s", table);
  }

  /** A model's name as that of a folder, such as {@code r4}. */
  private static String folder(String name) {
    return name.replace(" = ", "").toLowerCase(Locale.ROOT);
  }

  private static ConsoleTable table(DepthSweep sweep) {
    ImmutableList.Builder<String> head = ImmutableList.<String>builder().add("hops");
    SHOWN_ITERATIONS.forEach(iteration -> head.add("r=" + iteration));
    ConsoleTable table = new ConsoleTable(head.build());
    for (DepthSweep.Row row : sweep.rows()) {
      ImmutableList.Builder<String> cells =
          ImmutableList.<String>builder().add(Integer.toString(row.hops()));
      SHOWN_ITERATIONS.forEach(iteration -> cells.add(decimal(row.accuracy(iteration))));
      table.add(cells.build());
    }
    return table;
  }

  /** A trained model, and how far it reaches. */
  private record Swept(String name, long seed, Checkpoint trained, DepthSweep sweep) {
    int depth() {
      return LaptopExtrapolation.depth(trained);
    }

    int reach() {
      return sweep.reach(LaptopExtrapolation.BAR);
    }

    ObjectNode toJson() throws IOException {
      ObjectNode result = JSON.createObjectNode();
      result
          .put("model", name)
          .put("seed", seed)
          .put("learnable_recursion_depth", depth())
          .put("reach", reach());
      ObjectNode provenance = result.putObject("provenance");
      trained.provenance().forEach(provenance::put);
      result.set("sweep", JSON.readTree(sweep.toJson()));
      return result;
    }
  }

  private static String decimal(double share) {
    return String.format(Locale.ROOT, "%.2f", share);
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
