package io.github.recurrent.examples.experiments.figures;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.examples.experiments.LaptopExtrapolation;
import io.github.recurrent.examples.experiments.RunData;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.TrainingsAtOnce;
import io.github.recurrent.examples.experiments.console.Arguments;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

/**
 * Trains what the figures on depth extrapolation are drawn from, an hour of two cores: those of
 * {@link io.github.recurrent.examples.experiments.DepthExtrapolation}, whose stages fail after
 * fewer updates here, and models that only figures need. What has been trained to its end is not
 * trained again.
 *
 * <p>Arguments: {@code [seed [runs [results [training, …]]]]}; all trainings unless some are named.
 */
public final class Trainings {
  private static final int HOPS = LaptopTraining.HOPS;

  private static final Recurrence DYNAMIC = Recurrence.poisson(4).between(2, 8);

  private final Places places;
  private final ImmutableMap<String, Training> trainings;

  private interface Training {
    void run() throws IOException;
  }

  private Trainings(Places places) {
    this.places = places;
    ImmutableMap.Builder<String, Training> all = ImmutableMap.builder();
    all.put("dynamic", () -> untilFailure("dynamic", DYNAMIC));
    all.put("r4", () -> untilFailure("r4", Recurrence.fixed(4)));
    all.put("r6", () -> untilFailure("r6", Recurrence.fixed(6)));
    all.put("seed_0", () -> cooledDown(places.seed()));
    all.put("random_tails", () -> far("random_tails", LaptopExtrapolation::randomTails));
    all.put("permutations", () -> far("permutations", LaptopExtrapolation::data));
    for (int index = 0; index < Places.SEEDS; index++) {
      long seed = places.seed() + index;
      all.put("default_" + index, () -> defaultInitialization(seed));
    }
    all.put("r2", () -> untilFailure("r2", Recurrence.fixed(2)));
    all.put("r1", () -> untilFailure("r1", Recurrence.fixed(1)));
    all.put("vanilla_8", () -> vanilla(8));
    all.put("seed_1", () -> cooledDown(places.seed() + 1));
    all.put("seed_2", () -> cooledDown(places.seed() + 2));
    all.put("vanilla_16", () -> vanilla(16));
    all.put("vanilla_24", () -> vanilla(24));
    trainings = all.buildOrThrow();
  }

  /**
   * Trains.
   *
   * @throws IllegalArgumentException if there is no training of a name
   * @throws IOException if a run cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Trainings all = new Trainings(Places.of(arguments));
    List<String> named = Arguments.of(arguments).from(3);
    for (String name : named) {
      checkArgument(
          all.trainings.containsKey(name),
          "there is no training %s, only %s",
          name,
          all.trainings.keySet());
    }
    TrainingsAtOnce.run(
        all.trainings.entrySet().stream()
            .filter(training -> named.isEmpty() || named.contains(training.getKey()))
            .<Callable<String>>map(
                training ->
                    () -> {
                      training.getValue().run();
                      return training.getKey();
                    })
            .toList());
  }

  private void untilFailure(String name, Recurrence recurrence) throws IOException {
    MultiHopDataset data = LaptopExtrapolation.data(HOPS, places.seed());
    LaptopTraining.untilFailure(
        places.depth("until_failure/" + name),
        model(data).recurrence(recurrence).build(),
        data,
        HOPS,
        places.seed());
  }

  private void cooledDown(long seed) throws IOException {
    coolDown(
        places.depth("dynamic_seed_" + seed),
        Preset.laptopExtrapolation(),
        LaptopExtrapolation.data(HOPS, seed),
        seed);
  }

  /** Up to 5 hops, and with the falling rate that makes it go far. */
  private static void coolDown(RunFolder run, Preset preset, MultiHopDataset data, long seed)
      throws IOException {
    run.trained(
        preset
            .trainer(preset.model(data.vocabulary()).build())
            .seed(seed)
            .listener(ProgressBar.named(run.name())),
        RunData.of(data),
        kept -> kept.train(data));
  }

  /** Trains what answers far more hops than the 5 it is trained on. */
  private void far(String name, BiFunction<Integer, Long, MultiHopDataset> graph)
      throws IOException {
    coolDown(
        places.own("shortcut/" + name),
        Preset.laptopFarExtrapolation(),
        graph.apply(HOPS, places.seed()),
        places.seed());
  }

  private void defaultInitialization(long seed) throws IOException {
    MultiHopDataset data = LaptopExtrapolation.data(HOPS, seed);
    Initialization initialization =
        Initialization.builder().embeddingStandardDeviation(0.02).projectionScale(1).build();
    LaptopTraining.untilFailure(
        places.own("default_initialization/seed_" + seed),
        model(data).recurrence(Recurrence.fixed(4)).initialization(initialization).build(),
        data,
        HOPS,
        seed);
  }

  private void vanilla(int layers) throws IOException {
    MultiHopDataset data = LaptopExtrapolation.data(HOPS, places.seed());
    LaptopTraining.untilFailure(
        places.own("vanilla/l" + layers),
        model(data).layers(layers).recurrence(Recurrence.fixed(1)).build(),
        data,
        HOPS,
        places.seed());
  }

  private static RecurrentDepthTransformer.Builder model(MultiHopDataset data) {
    return Preset.laptopExtrapolation().model(data.vocabulary());
  }
}
