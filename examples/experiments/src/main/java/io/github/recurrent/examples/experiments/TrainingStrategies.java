package io.github.recurrent.examples.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.evaluation.DepthSweep;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.examples.experiments.console.ConsoleTable;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each choice of training does to a laptop-size model: to its learnable recursion depth, to
 * how far it reaches beyond the hops it was trained on, and to overthinking. Each strategy changes
 * one thing of the laptop's preset.
 *
 * <p>Usage: {@code TrainingStrategies [seed [report.json]]}. The report is written after each
 * strategy, and what it holds already is not run again; the picture lies beside it.
 */
public final class TrainingStrategies {
  private static final int TESTED_HOPS = 40;
  private static final int NEAR_HOPS = 16;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final ImmutableMap<String, Recipe> STRATEGIES =
      ImmutableMap.<String, Recipe>builder()
          .put("preset", recipe().build())
          .put("linear biases 8, 2", biased().build())
          .put("Poisson(8) in 2..16", recipe().recurrence(longer()).build())
          .put("input injection", recipe().inputInjection(true).build())
          .put("biases, Poisson(8) in 2..16", biased().recurrence(longer()).build())
          .put(
              "biases, Poisson(8) in 2..16, injection",
              biased().recurrence(longer()).inputInjection(true).build())
          .put("constant rate at the end", recipe().finalRate(1).build())
          .put("weight decay 0.1", recipe().weightDecay(0.1).build())
          .put(
              "embeddings of deviation 1",
              recipe().initialization(Initialization.builder().build()).build())
          .put(
              "c_proj not zero",
              recipe()
                  .initialization(
                      Initialization.builder()
                          .embeddingStandardDeviation(0.02)
                          .projectionScale(1)
                          .build())
                  .build())
          .put("all facts drawn alike", recipe().atomicShare(OptionalDouble.empty()).build())
          .put("curriculum to 3 hops", recipe().hops(3).build())
          .put("curriculum to 8 hops", recipe().hops(8).build())
          .put("no updates after the last stage", recipe().cooldownSteps(0).build())
          .put("R = 8", recipe().recurrence(Recurrence.fixed(8)).build())
          .buildOrThrow();

  /** Those whose learnable recursion depth is looked for too, which takes as long again. */
  private static final ImmutableSet<String> UNTIL_FAILURE =
      ImmutableSet.copyOf(Iterables.limit(STRATEGIES.keySet(), 6));

  private final long seed;
  private final Path file;
  private final MultiHopDataset data;
  private final List<JsonNode> results = new ArrayList<>();
  private final Map<RecurrentDepthTransformer, Checkpoint> preludes = new ConcurrentHashMap<>();

  private TrainingStrategies(long seed, Path file) {
    this.seed = seed;
    this.file = file;
    data = LaptopExtrapolation.data(TESTED_HOPS, seed);
  }

  private static ImmutableRecipe.Builder recipe() {
    return ImmutableRecipe.builder();
  }

  private static ImmutableRecipe.Builder biased() {
    return recipe().addAttentionSlopes(8, 2);
  }

  private static Recurrence longer() {
    return Recurrence.poisson(8).between(2, 16);
  }

  /**
   * Runs the strategies that the report does not hold.
   *
   * @throws IOException if the report cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    new TrainingStrategies(told.seed(), told.path(1, "target/training-strategies.json")).run();
  }

  private void run() throws IOException {
    if (Files.exists(file)) {
      JSON.readTree(file.toFile()).forEach(results::add);
    }
    TrainingsAtOnce.run(
        STRATEGIES.entrySet().stream()
            .filter(
                strategy -> results.stream().noneMatch(result -> isOf(result, strategy.getKey())))
            .<Callable<JsonNode>>map(
                strategy -> () -> add(result(strategy.getKey(), strategy.getValue())))
            .toList());
    print(
        "%n%s%nThe figures are in %s, the picture of the furthest reach in %s",
        table(), file, ResultPictures.trainingStrategies(file));
  }

  private boolean isOf(JsonNode result, String strategy) {
    return result.required("strategy").textValue().equals(strategy)
        && result.required("seed").longValue() == seed;
  }

  private synchronized JsonNode add(JsonNode result) throws IOException {
    results.add(result);
    results.sort(
        Comparator.<JsonNode>comparingLong(one -> one.required("seed").longValue())
            .thenComparing(
                one -> STRATEGIES.keySet().asList().indexOf(one.required("strategy").textValue())));
    Files.writeString(file, JSON.writeValueAsString(results) + "\n");
    print("%n%s", table());
    return result;
  }

  private JsonNode result(String name, Recipe recipe) throws IOException {
    Checkpoint prelude = prelude(name, recipe.model(data.vocabulary()));
    Checkpoint trained = train(name, recipe.toItsHops(prelude));
    DepthSweep sweep = sweep(trained);
    int depth = LaptopExtrapolation.depth(trained);
    int reach = sweep.reach(LaptopExtrapolation.BAR);
    ObjectNode result = JSON.createObjectNode();
    result
        .put("strategy", name)
        .put("seed", seed)
        .put("trained_hops", depth)
        .put("reach", reach)
        .put("generalization_ratio", depth == 0 ? 0 : (double) reach / depth);
    for (int iterations : new int[] {8, 16, LaptopExtrapolation.MAX_ITERATIONS}) {
      result.put(
          "trained_accuracy_" + iterations,
          LaptopExtrapolation.accuracy(sweep, Math.max(2, depth), iterations));
    }
    if (UNTIL_FAILURE.contains(name)) {
      result.put(
          "learnable_recursion_depth",
          LaptopExtrapolation.depth(
              train(name + ", until failure", recipe.untilFailure(prelude, TESTED_HOPS))));
    }
    trained.provenance().forEach(result.putObject("provenance")::put);
    result.set("sweep", JSON.readTree(sweep.toJson()));
    return result;
  }

  /** Trains what strategies of the same model have in common, once. */
  private Checkpoint prelude(String name, RecurrentDepthTransformer model) {
    return preludes.computeIfAbsent(
        model,
        same -> {
          try {
            return train(name + ", prelude", Recipe.prelude(same));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Checkpoint train(String name, Trainer trainer) throws IOException {
    return trainer.seed(seed).listener(ProgressBar.named(name)).train(data);
  }

  /** Sweeps up to {@value #NEAR_HOPS} hops, and to all only where those are answered. */
  private DepthSweep sweep(Checkpoint trained) {
    DepthSweep near = LaptopExtrapolation.sweep(trained, data, NEAR_HOPS);
    return near.reach(LaptopExtrapolation.BAR) < NEAR_HOPS
        ? near
        : LaptopExtrapolation.sweep(trained, data, TESTED_HOPS);
  }

  private ConsoleTable table() {
    ConsoleTable table =
        new ConsoleTable(
            ImmutableList.of(
                "strategy", "seed", "depth", "trained", "reach", "ratio", "r=8", "r=16", "r=100"));
    for (JsonNode result : results) {
      table.add(
          ImmutableList.of(
              result.required("strategy").textValue(),
              result.required("seed").asText(),
              result.path("learnable_recursion_depth").asText("–"),
              result.required("trained_hops").asText(),
              result.required("reach").asText(),
              decimal(result, "generalization_ratio", 1),
              decimal(result, "trained_accuracy_8", 2),
              decimal(result, "trained_accuracy_16", 2),
              decimal(result, "trained_accuracy_100", 2)));
    }
    return table;
  }

  private static String decimal(JsonNode result, String field, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", result.required(field).doubleValue());
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
