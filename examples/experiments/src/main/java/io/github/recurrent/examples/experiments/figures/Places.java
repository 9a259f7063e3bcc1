package io.github.recurrent.examples.experiments.figures;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.chart.Drawing;
import io.github.recurrent.evaluation.Report;
import io.github.recurrent.examples.experiments.RunFolder;
import io.github.recurrent.examples.experiments.console.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the program of a figure finds trainings, and where it leaves what it finds. Arguments:
 * {@code [seed [runs [results]]]}.
 *
 * @param seed the first seed, and that of samples
 * @param runs the folder of the experiments' runs
 * @param results the folder for reports and pictures
 */
record Places(long seed, Path runs, Path results) {
  static final int SEEDS = 3;

  static Places of(String[] arguments) throws IOException {
    Arguments told = Arguments.of(arguments);
    Path results = told.path(2, "results/figures");
    if (!Files.isDirectory(results)) {
      Files.createDirectories(results);
    }
    return new Places(told.seed(), told.path(1, "runs"), results);
  }

  /** Returns a training of the depth extrapolation, such as {@code until_failure/r4}. */
  RunFolder depth(String name) {
    return RunFolder.of(runs.resolve("depth-extrapolation").resolve(name));
  }

  /** Returns a training of the systematic generalization, such as {@code l1_r4/seed_42}. */
  RunFolder composition(String shape, long trainingSeed) {
    return RunFolder.of(
        runs.resolve("systematic-generalization").resolve(shape).resolve("seed_" + trainingSeed));
  }

  /** Returns a training that is made for figures alone. */
  RunFolder own(String name) {
    return RunFolder.of(runs.resolve("figures").resolve(name));
  }

  /** Returns whether a training came to its end; says so where it did not. */
  static boolean isThere(RunFolder run) throws IOException {
    boolean there = run.isFinished();
    if (!there) {
      print("%s is left out: it was not trained to its end", run.path());
    }
    return there;
  }

  /** Returns those of the seeds with which the cooled-down dynamic model was trained. */
  ImmutableList<Long> cooledDownSeeds() throws IOException {
    ImmutableList.Builder<Long> seeds = ImmutableList.builder();
    for (long one = seed; one < seed + SEEDS; one++) {
      if (isThere(depth("dynamic_seed_" + one))) {
        seeds.add(one);
      }
    }
    return seeds.build();
  }

  /** Returns those of some models that were trained until a stage failed. */
  ImmutableList<String> untilFailure(String... models) throws IOException {
    ImmutableList.Builder<String> there = ImmutableList.builder();
    for (String model : models) {
      if (isThere(depth("until_failure/" + model))) {
        there.add(model);
      }
    }
    return there.build();
  }

  /** Writes the figures of a report, and its picture beside it. */
  void write(String name, Report report, Drawing picture) throws IOException {
    report.write(results.resolve(name + ".json"));
    Path file = results.resolve(name + ".png");
    picture.write(file);
    print("The picture is %s", file);
  }

  static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }

  static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String decimal(double figure) {
    return String.format(Locale.ROOT, "%.2f", figure);
  }
}
