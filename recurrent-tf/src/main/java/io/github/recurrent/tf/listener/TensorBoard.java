package io.github.recurrent.tf.listener;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import io.github.recurrent.internal.folder.LinkedPath;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;

/**
 * Writes a training for TensorBoard: the scalars {@code loss}, {@code learning rate}, {@code
 * iterations}, {@code examples per second}, {@code stage} and {@code accuracy/TYPE} by step, and
 * the configuration as a text. Not thread-safe.
 *
 * <p>Each training begins a new event file in the folder, with a mark at which TensorBoard drops
 * what earlier files there say of the same and later steps: a training that goes on from a
 * checkpoint repeats the steps after it. Trainings to be seen side by side need folders of their
 * own.
 */
public final class TensorBoard implements TrainingListener {
  private static final int DEFAULT_STEPS = 50;
  private static final AtomicInteger FILES = new AtomicInteger();

  private final Path folder;
  private final int every;
  private final StepAverages averages = new StepAverages();
  private @Nullable RecordStream records;
  private boolean marked;

  private TensorBoard(Path folder, int every) {
    this.folder = folder;
    this.every = every;
  }

  /**
   * Returns a listener that writes into a folder, the scalars of steps for every 50.
   *
   * @throws IOException if the folder cannot be made
   */
  public static TensorBoard to(Path folder) throws IOException {
    return to(folder, DEFAULT_STEPS);
  }

  /**
   * Returns a listener that writes into a folder.
   *
   * @param steps the number of steps to each scalar, at least 1
   * @throws IOException if the folder cannot be made
   */
  public static TensorBoard to(Path folder, int steps) throws IOException {
    checkArgument(steps >= 1, "steps to a scalar must be at least 1, but are %s", steps);
    LinkedPath.createFolders(folder);
    return new TensorBoard(folder, steps);
  }

  @Override
  public void started(ImmutableMap<String, String> configuration) {
    close();
    records = create();
    marked = false;
    write(event(0).setFileVersion("brain.Event:2"));
    write(
        event(0)
            .setSummary(
                Summary.newBuilder()
                    .addValue(
                        Summary.Value.newBuilder()
                            .setTag("configuration")
                            .setMetadata(
                                SummaryMetadata.newBuilder()
                                    .setPluginData(
                                        SummaryMetadata.PluginData.newBuilder()
                                            .setPluginName("text")))
                            .setTensor(
                                TensorProto.newBuilder()
                                    .setDtype(DataType.DT_STRING)
                                    .addStringVal(table(configuration))))));
    averages.clear();
  }

  /** TensorBoard reads the files of a folder in the order of their names. */
  private RecordStream create() {
    Instant now = Instant.now();
    while (true) {
      Path file =
          folder.resolve(
              String.format(
                  Locale.ROOT,
                  "events.out.tfevents.%010d.recurrent.%09d.%d.%d",
                  now.getEpochSecond(),
                  now.getNano(),
                  ProcessHandle.current().pid(),
                  FILES.getAndIncrement()));
      try {
        Files.createFile(file);
        return RecordStream.to(() -> Files.newByteChannel(file, StandardOpenOption.WRITE));
      } catch (FileAlreadyExistsException e) {
        // Another writer's, whose process has the same number in a container of its own.
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file, e);
      }
    }
  }

  /** Tells TensorBoard, before the first scalar, which steps earlier files have in excess. */
  private void mark(long stepsBefore) {
    if (!marked) {
      write(
          event(stepsBefore + 1)
              .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
      marked = true;
    }
  }

  /** The configuration as a table of Markdown. */
  private static ByteString table(ImmutableMap<String, String> configuration) {
    return ByteString.copyFromUtf8(
        configuration.entrySet().stream()
            .map(entry -> "| " + entry.getKey() + " | " + entry.getValue() + " |")
            .collect(Collectors.joining("\n", "| | |\n|---|---|\n", "")));
  }

  @Override
  public void stageStarted(int stage, long step) {
    mark(step);
    write(scalar("stage", stage, step));
  }

  @Override
  public void cooldownStarted(long step) {
    mark(step);
  }

  @Override
  public void stepped(Step step) {
    mark(step.number() - 1);
    averages.add(step);
    if (averages.steps() == every) {
      write(scalar("loss", averages.loss(), step.number()));
      write(scalar("learning rate", step.learningRate(), step.number()));
      write(scalar("iterations", step.iterations(), step.number()));
      write(scalar("examples per second", averages.examplesPerSecond(), step.number()));
      averages.clear();
    }
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    mark(evaluation.step());
    evaluation
        .accuracies()
        .forEach(
            (type, accuracy) -> write(scalar("accuracy/" + type, accuracy, evaluation.step())));
  }

  @Override
  public void stagePassed(int stage, Evaluation evaluation) {
    write(scalar("stage passed", stage, evaluation.step()));
  }

  @Override
  public void finished(long steps, Duration duration, boolean complete) {
    close();
  }

  private static Event.Builder scalar(String tag, double value, long step) {
    return event(step)
        .setSummary(
            Summary.newBuilder()
                .addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value)));
  }

  private static Event.Builder event(long step) {
    Instant now = Instant.now();
    return Event.newBuilder().setWallTime(now.getEpochSecond() + now.getNano() / 1e9).setStep(step);
  }

  private void write(Event.Builder event) {
    if (records == null) {
      throw new IllegalStateException("no training has started");
    }
    try {
      records.write(event.build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + folder, e);
    }
  }

  private void close() {
    if (records != null) {
      RecordStream ended = records;
      records = null;
      try {
        ended.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write into " + folder, e);
      }
    }
  }
}
