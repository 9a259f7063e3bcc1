package io.github.recurrent.tf.listener;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.internal.folder.LinkedPath;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a training to a file, one JSON object per line, each complete as soon as it is written.
 *
 * <p>Every object has an {@code event} ({@code started}, {@code stage_started}, {@code
 * cooldown_started}, {@code steps}, {@code evaluated}, {@code stage_passed}, {@code stage_failed},
 * {@code stage_forgotten}, {@code checkpoint}, {@code finished}) and a {@code time}, in seconds
 * since the listener was made. A resumed training adds to the file; half a line that an interrupted
 * one has left is cut off. {@code finished} tells by {@code complete} whether the training came to
 * its end or was stopped. Numbers that JSON does not know, such as NaN, are texts. Not thread-safe.
 */
public final class JsonLines implements TrainingListener {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int DEFAULT_STEPS = 50;

  private final Path file;
  private final int every;
  private final long begin = System.nanoTime();
  private final StepAverages averages = new StepAverages();
  private @Nullable String part;

  private JsonLines(Path file, int every) {
    this.file = file;
    this.every = every;
  }

  /**
   * Returns a listener that adds to a file, with a line for every 50 steps.
   *
   * @throws IOException if the file cannot be written
   */
  public static JsonLines to(Path file) throws IOException {
    return to(file, DEFAULT_STEPS);
  }

  /**
   * Returns a listener that adds to a file.
   *
   * @param steps the number of steps to a line, at least 1
   * @throws IOException if the file cannot be written
   */
  public static JsonLines to(Path file, int steps) throws IOException {
    checkArgument(steps >= 1, "steps to a line must be at least 1, but are %s", steps);
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent != null) {
      LinkedPath.createFolders(parent);
    }
    cutHalfLine(absolute);
    return new JsonLines(absolute, steps);
  }

  private static void cutHalfLine(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long end = bytes.length();
      while (end > 0) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          break;
        }
        end--;
      }
      bytes.setLength(end);
    }
  }

  @Override
  public void started(ImmutableMap<String, String> configuration) {
    part = configuration.get(PART);
    ObjectNode line = event("started");
    configuration.forEach(line.putObject("configuration")::put);
    write(line);
    averages.clear();
  }

  @Override
  public void stageStarted(int stage, long step) {
    write(event("stage_started").put("stage", stage).put("step", step));
  }

  @Override
  public void cooldownStarted(long step) {
    write(event("cooldown_started").put("step", step));
  }

  @Override
  public void stepped(Step step) {
    averages.add(step);
    if (averages.steps() == every) {
      write(
          event("steps")
              .put("step", step.number())
              .put("stage", step.stage())
              .put("epoch", step.epoch())
              .put("loss", averages.loss())
              .put("learning_rate", step.learningRate())
              .put("iterations", step.iterations())
              .put("examples_per_second", averages.examplesPerSecond()));
      averages.clear();
    }
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    write(evaluation("evaluated", evaluation));
  }

  @Override
  public void stagePassed(int stage, Evaluation evaluation) {
    write(evaluation("stage_passed", evaluation));
  }

  @Override
  public void stageFailed(StageFailure failure) {
    write(
        event("stage_failed")
            .put("step", failure.step())
            .put("stage", failure.stage())
            .put("epochs", failure.epochs())
            .put("accuracy", failure.accuracy())
            .put("best", failure.best())
            .put("needed", failure.needed())
            .put("advice", failure.advice()));
  }

  @Override
  public void stageForgotten(int stage, double needed, Evaluation evaluation) {
    ObjectNode line = evaluation("stage_forgotten", evaluation);
    write(line.put("forgotten", stage).put("needed", needed));
  }

  private ObjectNode evaluation(String name, Evaluation evaluation) {
    ObjectNode line =
        event(name)
            .put("step", evaluation.step())
            .put("stage", evaluation.stage())
            .put("epoch", evaluation.epoch())
            .put("iterations", evaluation.iterations());
    evaluation.accuracies().forEach(line.putObject("accuracy")::put);
    return line;
  }

  @Override
  public void checkpointWritten(Path folder, long step) {
    write(event("checkpoint").put("step", step).put("folder", folder.toString()));
  }

  @Override
  public void finished(long steps, Duration duration, boolean complete) {
    ObjectNode line =
        event("finished")
            .put("step", steps)
            .put("seconds", duration.toMillis() / 1e3)
            .put("complete", complete);
    write(part == null ? line : line.put(PART, part));
  }

  private ObjectNode event(String name) {
    return JSON.createObjectNode()
        .put("event", name)
        .put("time", Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3);
  }

  /** Adds a whole line or nothing; a thread that is interrupted can write with such a stream. */
  private void write(ObjectNode line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      long end = out.length();
      out.seek(end);
      try {
        out.write(bytes);
      } catch (IOException e) {
        out.setLength(end);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + file, e);
    }
  }
}
