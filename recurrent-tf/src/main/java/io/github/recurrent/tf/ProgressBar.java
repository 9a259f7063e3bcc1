package io.github.recurrent.tf;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training on the console: on a terminal a bar for every epoch with loss, last accuracy,
 * examples a second and time left, elsewhere a line every ten seconds; and a line for every stage
 * that passes. Not thread-safe.
 */
public final class ProgressBar implements TrainingListener {
  private static final long NANOS_BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private final String prefix;
  private me.tongfei.progressbar.@Nullable ProgressBar bar;
  private String accuracies = "";
  private boolean polishing;
  private @Nullable Path checkpoint;
  private final StepAverages averages = new StepAverages();
  private long lastLine = System.nanoTime();

  private ProgressBar(PrintStream out, boolean terminal, String prefix) {
    this.out = out;
    this.terminal = terminal;
    this.prefix = prefix;
  }

  /** Returns a display on standard output, with a bar if that is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // before JDK 22 null says that there is no terminal
  public static ProgressBar create() {
    return new ProgressBar(System.out, System.console() != null, "");
  }

  /** Returns a display in lines, without a bar. */
  public static ProgressBar lines(PrintStream out) {
    return new ProgressBar(out, false, "");
  }

  /**
   * Returns a display on standard output in lines that begin with a name, for one of several
   * trainings at once.
   */
  public static ProgressBar named(String name) {
    return new ProgressBar(System.out, false, name + " | ");
  }

  @Override
  public void stageStarted(int stage, long step) {
    accuracies = "";
    polishing = false;
    averages.clear();
  }

  @Override
  public void polishStarted(long step) {
    polishing = true;
    print("polish from step %,d", step);
  }

  @Override
  public void stepped(Step step) {
    if (step.stepInEpoch() == 1) {
      closeBar();
      if (terminal) {
        averages.clear();
        bar =
            new ProgressBarBuilder()
                .setTaskName(place(step))
                .setInitialMax(step.stepsInEpoch())
                .clearDisplayOnFinish()
                .build();
      }
    }
    averages.add(step);
    if (bar != null) {
      bar.setExtraMessage(accuracies.isEmpty() ? rates() : accuracies + ", " + rates());
      bar.step();
    } else if (isTimeForALine()) {
      line(step);
    }
  }

  private boolean isTimeForALine() {
    return !terminal && System.nanoTime() - lastLine > NANOS_BETWEEN_LINES;
  }

  private String place(Step step) {
    return polishing
        ? "polish"
        : String.format(Locale.ROOT, "stage %2d, epoch %3d", step.stage(), step.epoch());
  }

  private void line(Step step) {
    lastLine = System.nanoTime();
    print(
        "step %,7d | %s | %s%s",
        step.number(), place(step), rates(), accuracies.isEmpty() ? "" : " | " + accuracies);
    averages.clear();
  }

  private String rates() {
    return String.format(
        Locale.ROOT, "loss %.4f, %,.0f examples/s", averages.loss(), averages.examplesPerSecond());
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    closeBar();
    accuracies =
        evaluation.accuracies().entrySet().stream()
            .map(
                accuracy ->
                    String.format(Locale.ROOT, "%s %.3f", accuracy.getKey(), accuracy.getValue()))
            .collect(Collectors.joining(", "));
  }

  @Override
  public void stagePassed(int stage, Evaluation evaluation) {
    print("stage %d passed at step %,d: %s", stage, evaluation.step(), accuracies);
  }

  @Override
  public void checkpointWritten(Path folder, long step) {
    checkpoint = folder;
  }

  @Override
  public void finished(long allSteps, Duration duration, boolean complete) {
    closeBar();
    print(
        "%,d steps%s; %d min %02d s%s%s",
        allSteps,
        complete ? "" : ", then stopped",
        duration.toMinutes(),
        duration.toSecondsPart(),
        accuracies.isEmpty() ? "" : "; " + accuracies,
        checkpoint == null ? "" : "; checkpoint in " + checkpoint);
  }

  private void print(String format, Object... arguments) {
    out.println(prefix + String.format(Locale.ROOT, format, arguments));
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
