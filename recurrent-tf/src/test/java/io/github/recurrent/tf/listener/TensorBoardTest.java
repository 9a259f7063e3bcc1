package io.github.recurrent.tf.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.tf.TrainingListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;

/** What TensorBoard makes of a folder in which several trainings have written. */
class TensorBoardTest {
  @TempDir Path folder;

  @Test
  void stepsThatAResumedTrainingRepeatsAreThereOnce() throws IOException {
    TensorBoard killed = TensorBoard.to(folder, 1);
    killed.started(ImmutableMap.of());
    killed.stageStarted(2, 0);
    steps(killed, 1, 37);
    TensorBoard resumed = TensorBoard.to(folder, 1);
    resumed.started(ImmutableMap.of());
    resumed.stageStarted(2, 20);
    steps(resumed, 21, 40);

    List<Long> expected = Stream.iterate(1L, step -> step + 1).limit(40).toList();
    assertThat(shown("loss")).isEqualTo(expected);
  }

  @Test
  void aTrainingStartedAnewReplacesTheStepsOfTheOneBefore() throws IOException {
    TensorBoard listener = TensorBoard.to(folder, 1);
    for (int training = 0; training < 2; training++) {
      listener.started(ImmutableMap.of());
      listener.stageStarted(2, 0);
      steps(listener, 1, 3);
    }

    assertThat(shown("loss")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aCooldownThatGoesOnKeepsTheStepsBeforeIt() throws IOException {
    TensorBoard killed = TensorBoard.to(folder, 1);
    killed.started(ImmutableMap.of());
    killed.stageStarted(2, 0);
    steps(killed, 1, 9);
    TensorBoard resumed = TensorBoard.to(folder, 1);
    resumed.started(ImmutableMap.of());
    resumed.cooldownStarted(5);
    steps(resumed, 6, 7);

    assertThat(shown("loss")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void writersAtTheSameMomentHaveFilesOfTheirOwn() throws Exception {
    int writers = 40;
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        all.add(
            threads.submit(
                () -> {
                  TensorBoard listener = TensorBoard.to(folder, 1);
                  listener.started(ImmutableMap.of());
                  listener.stageStarted(2, 0);
                  listener.finished(0, Duration.ZERO, true);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(files()).hasSize(writers);
    for (Path file : files()) {
      assertThat(events(file)).hasSize(4);
    }
  }

  @Test
  void filesOfOneSecondAreInTheOrderOfTheirTrainings() throws IOException {
    TensorBoard listener = TensorBoard.to(folder, 1);
    for (int training = 0; training < 12; training++) {
      listener.started(ImmutableMap.of());
      listener.stageStarted(training, 0);
    }

    List<Float> stages = new ArrayList<>();
    for (Path file : files()) {
      stages.add(events(file).get(3).getSummary().getValue(0).getSimpleValue());
    }
    assertThat(stages).isSorted();
  }

  private static void steps(TensorBoard listener, int from, int to) {
    for (int step = from; step <= to; step++) {
      listener.stepped(new TrainingListener.Step(step, 2, 1, step, to, 0.5, 0.01, 4, 32));
    }
  }

  /** The steps of a scalar after TensorBoard's rule: a start drops all at its step and later. */
  private List<Long> shown(String tag) throws IOException {
    List<Event> kept = new ArrayList<>();
    for (Path file : files()) {
      for (Event event : events(file)) {
        if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
          kept.removeIf(before -> before.getStep() >= event.getStep());
        }
        kept.add(event);
      }
    }
    return kept.stream()
        .filter(event -> event.getSummary().getValueCount() > 0)
        .filter(event -> event.getSummary().getValue(0).getTag().equals(tag))
        .map(Event::getStep)
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<Event> events(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] record = new byte[(int) bytes.getLong()];
      bytes.getInt();
      bytes.get(record);
      bytes.getInt();
      events.add(Event.parseFrom(record));
    }
    return events;
  }
}
