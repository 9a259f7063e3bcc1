package io.github.recurrent.examples.benchmarks;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * All benchmarks of a class with one choice of parameters, one right after the other, so that they
 * meet the machine in the same state; each in a virtual machine of its own.
 */
final class BenchmarkCell {
  /** JMH itself gives up after ten minutes. */
  private static final TimeValue LONGEST_CALL = TimeValue.hours(1);

  private final String name;
  private final String shown;
  private final ChainedOptionsBuilder options;
  private String included = "[^.]*";

  private BenchmarkCell(Class<?> benchmarks, Map<String, ?> parameters) {
    name = benchmarks.getName().replace(".", "\\.");
    shown = benchmarks.getSimpleName() + " " + parameters;
    options =
        new OptionsBuilder()
            .forks(1)
            .timeUnit(TimeUnit.MILLISECONDS)
            .shouldFailOnError(true)
            .timeout(LONGEST_CALL)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach((name, value) -> options.param(name, value.toString()));
  }

  static BenchmarkCell of(Class<?> benchmarks, Map<String, ?> parameters) {
    return new BenchmarkCell(benchmarks, parameters);
  }

  /** Leaves out all benchmarks but one. */
  BenchmarkCell only(String benchmark) {
    included = benchmark;
    return this;
  }

  /**
   * Runs calls of milliseconds, over and over for some seconds.
   *
   * @return the median milliseconds of a call, by the benchmark's name
   */
  ImmutableMap<String, Double> sample(int warmUpSeconds, int seconds) {
    options
        .mode(Mode.SampleTime)
        .warmupIterations(1)
        .warmupTime(TimeValue.seconds(warmUpSeconds))
        .measurementIterations(1)
        .measurementTime(TimeValue.seconds(seconds));
    return run();
  }

  /**
   * Runs calls of seconds or minutes.
   *
   * @return the median milliseconds of a call, by the benchmark's name
   */
  ImmutableMap<String, Double> singleShots(int warmUps, int calls) {
    options.mode(Mode.SingleShotTime).warmupIterations(warmUps).measurementIterations(calls);
    return run();
  }

  private ImmutableMap<String, Double> run() {
    System.out.println("Measuring " + shown);
    ImmutableMap.Builder<String, Double> medians = ImmutableMap.builder();
    try {
      options.include("^" + name + "\\." + included + "$");
      for (RunResult result : new Runner(options.build()).run()) {
        medians.put(
            result.getPrimaryResult().getLabel(),
            result.getPrimaryResult().getStatistics().getPercentile(50));
      }
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
    return medians.buildOrThrow();
  }
}
