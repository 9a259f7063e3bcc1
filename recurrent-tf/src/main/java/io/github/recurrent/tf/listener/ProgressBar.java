package io.github.recurrent.tf.listener;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.tf.TrainingListener;
import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training on the console: on a terminal a bar for every epoch with loss, last accuracy,
 * examples a second and the time left, elsewhere a line every ten seconds; and a line for every
 * stage that passes, fails or is forgotten. Not thread-safe.
 */
public final class ProgressBar implements TrainingListener {
  private static final long NANOS_BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final boolean terminal;
  private final String prefix;
  private me.tongfei.progressbar.@Nullable ProgressBar bar;
  private String accuracies = "";
  private boolean coolingDown;
  private boolean epochEnds;
  private @Nullable Path checkpoint;
  private final StepAverages averages = new StepAverages();
  private final StepAverages pace = new StepAverages();
  private long lastLine = System.nanoTime();
  private String part = "";
  private boolean stagesMayPass;
  private long stageBegin;
  private long stageEnd;
  private long end;
  private long made;
  private int columns;

  @VisibleForTesting
  ProgressBar(PrintStream out, boolean terminal, String prefix) {
    this.out = out;
    this.terminal = terminal;
    this.prefix = prefix;
  }

  /** Returns a display on standard output, with a bar if that is a terminal. */
  public static ProgressBar create() {
    return new ProgressBar(System.out, isTerminal(System.console()), "");
  }

  /** Before JDK 22 there is no console without a terminal; later ones say what theirs is. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
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
  public void started(ImmutableMap<String, String> configuration) {
    String name = configuration.get(PART);
    part = name == null ? "" : "part " + name + ": ";
    accuracies = "";
    checkpoint = null;
    stagesMayPass = configuration.getOrDefault("schedule", "").startsWith("Curriculum");
    stageEnd = 0;
    end = 0;
    pace.clear();
  }

  @Override
  public void stageStarted(int stage, long step) {
    made = step;
    accuracies = "";
    coolingDown = false;
    averages.clear();
    // A terminal may be resized; asking takes too long for every epoch.
    columns = 0;
  }

  @Override
  public void bounded(long lastOfStage, long last) {
    stageBegin = made;
    stageEnd = lastOfStage;
    end = last;
  }

  @Override
  public void cooldownStarted(long step) {
    made = step;
    coolingDown = true;
    print("cooldown from step %,d", step);
  }

  @Override
  public void stepped(Step step) {
    epochEnds = step.stepInEpoch() == step.stepsInEpoch();
    if (step.stepInEpoch() == 1 || bar == null) {
      closeBar();
      if (terminal) {
        averages.clear();
        columns = columns == 0 ? TerminalWidth.columns() : columns;
        bar =
            new ProgressBarBuilder()
                .setConsumer(new BarLine(out, columns))
                .setRenderer(new BarText(Charset.defaultCharset()))
                .setTaskName(place(step))
                .setInitialMax(step.stepsInEpoch())
                .startsFrom(step.stepInEpoch() - 1L, Duration.ZERO)
                .clearDisplayOnFinish()
                .build();
      }
    }
    averages.add(step);
    pace.add(step);
    made = step.number();
    if (bar != null) {
      bar.setExtraMessage(
          Stream.of(left().orElse(""), accuracies, rates())
              .filter(words -> !words.isEmpty())
              .collect(Collectors.joining(", ")));
      bar.step();
    } else if (isTimeForALine()) {
      line(step);
    }
  }

  private boolean isTimeForALine() {
    return !terminal && System.nanoTime() - lastLine > NANOS_BETWEEN_LINES;
  }

  private String place(Step step) {
    return coolingDown
        ? "cooldown"
        : String.format(Locale.ROOT, "stage %2d, epoch %3d", step.stage(), step.epoch());
  }

  private void line(Step step) {
    lastLine = System.nanoTime();
    print(
        "step %,7d | %s | %s%s%s",
        step.number(),
        place(step),
        rates(),
        accuracies.isEmpty() ? "" : " | " + accuracies,
        left().map(left -> " | " + left).orElse(""));
    averages.clear();
  }

  private String rates() {
    return String.format(
        Locale.ROOT, "loss %.4f, %,.0f examples/s", averages.loss(), averages.examplesPerSecond());
  }

  /**
   * The time left at the pace so far, evaluations included. As a stage may pass after any epoch,
   * its last update tells something only when more than half of its updates are made.
   */
  @VisibleForTesting
  Optional<String> left() {
    boolean exact = coolingDown || !stagesMayPass;
    long steps = (exact ? end : stageEnd) - made;
    if (steps <= 0 || (!exact && made - stageBegin <= steps)) {
      return Optional.empty();
    }
    String time = time(steps * pace.secondsPerStep());
    return Optional.of(exact ? time + " left" : "at most " + time + " left of the stage");
  }

  private static String time(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return left.toHours() > 0
        ? String.format(Locale.ROOT, "%,d h %02d min", left.toHours(), left.toMinutesPart())
        : String.format(Locale.ROOT, "%d min %02d s", left.toMinutes(), left.toSecondsPart());
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    if (epochEnds) {
      closeBar();
    }
    accuracies = show(evaluation);
  }

  /** All accuracies; of the earlier stages of a curriculum only the lowest. */
  private static String show(Evaluation evaluation) {
    Stream<Map.Entry<String, Double>> shown = evaluation.accuracies().entrySet().stream();
    if (!evaluation.accuracies().containsKey(TrainingListener.factsOf(evaluation.stage()))
        || evaluation.accuracies().size() <= 2) {
      return shown.map(ProgressBar::show).collect(Collectors.joining(", "));
    }
    Map.Entry<String, Double> stage = evaluation.accuracies().entrySet().iterator().next();
    return show(stage)
        + shown
            .skip(1)
            .min(Map.Entry.comparingByValue())
            .map(lowest -> ", lowest before " + show(lowest))
            .orElse("");
  }

  private static String show(Map.Entry<String, Double> accuracy) {
    return String.format(Locale.ROOT, "%s %.3f", accuracy.getKey(), accuracy.getValue());
  }

  @Override
  public void stagePassed(int stage, Evaluation evaluation) {
    print("stage %d passed at step %,d: %s", stage, evaluation.step(), accuracies);
  }

  @Override
  public void stageFailed(StageFailure failure) {
    print(
        "stage %d failed at step %,d: accuracy %.3f after %,d epochs, at best %.3f, but it needs more"
            + " than %s. Try %s",
        failure.stage(),
        failure.step(),
        failure.accuracy(),
        failure.epochs(),
        failure.best(),
        failure.needed(),
        failure.advice());
  }

  @Override
  public void stageForgotten(int stage, double needed, Evaluation evaluation) {
    String type = TrainingListener.factsOf(stage);
    print(
        "warning: %s fell to %.3f at step %,d; stage %d passed above %s",
        type,
        Objects.requireNonNull(evaluation.accuracies().get(type)),
        evaluation.step(),
        stage,
        needed);
  }

  @Override
  public void checkpointWritten(Path folder, long step) {
    checkpoint = folder;
  }

  @Override
  public void finished(long allSteps, Duration duration, boolean complete) {
    closeBar();
    print(
        "%s%,d steps%s; %d min %02d s%s%s",
        part,
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
