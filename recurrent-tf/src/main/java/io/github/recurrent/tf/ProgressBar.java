package io.github.recurrent.tf;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training on the console: on a terminal a bar for every epoch with loss, examples a second
 * and time left, elsewhere only a line for every event worth keeping. Not thread-safe.
 */
public final class ProgressBar implements TrainingListener {
  private final PrintStream out;
  private final boolean terminal;
  private me.tongfei.progressbar.@Nullable ProgressBar bar;
  private double lossSum;
  private long examples;
  private int steps;
  private long epochBegin;

  private ProgressBar(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Returns a display on standard output, with a bar if that is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // before JDK 22 null says that there is no terminal
  public static ProgressBar create() {
    return new ProgressBar(System.out, System.console() != null);
  }

  /** Returns a display in lines, without a bar. */
  public static ProgressBar lines(PrintStream out) {
    return new ProgressBar(out, false);
  }

  @Override
  public void stepped(Step step) {
    if (step.stepInEpoch() == 1) {
      closeBar();
      lossSum = 0;
      examples = 0;
      steps = 0;
      epochBegin = System.nanoTime();
      if (terminal) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(
                    String.format(Locale.ROOT, "stage %d, epoch %d", step.stage(), step.epoch()))
                .setInitialMax(step.stepsInEpoch())
                .clearDisplayOnFinish()
                .build();
      }
    }
    lossSum += step.loss();
    examples += step.examples();
    steps++;
    if (bar != null) {
      bar.setExtraMessage(rates());
      bar.step();
    }
  }

  private String rates() {
    double seconds = (System.nanoTime() - epochBegin) / 1e9;
    return String.format(
        Locale.ROOT, "loss %.4f, %,.0f examples/s", lossSum / steps, examples / seconds);
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    String rates = rates();
    closeBar();
    out.printf(
        Locale.ROOT,
        "step %,7d | stage %2d, epoch %3d | %s | %s%n",
        evaluation.step(),
        evaluation.stage(),
        evaluation.epoch(),
        rates,
        accuracies(evaluation.accuracies()));
  }

  private static String accuracies(Map<String, Double> accuracies) {
    return accuracies.entrySet().stream()
        .map(
            accuracy ->
                String.format(Locale.ROOT, "%s %.3f", accuracy.getKey(), accuracy.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void stagePassed(int stage, Evaluation evaluation) {
    out.printf(Locale.ROOT, "stage %d passed at step %,d%n", stage, evaluation.step());
  }

  @Override
  public void checkpointWritten(Path folder, long step) {
    out.printf(Locale.ROOT, "checkpoint of step %,d in %s%n", step, folder);
  }

  @Override
  public void finished(long allSteps, Duration duration) {
    closeBar();
    out.printf(
        Locale.ROOT,
        "%,d steps in %d min %02d s%n",
        allSteps,
        duration.toMinutes(),
        duration.toSecondsPart());
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
