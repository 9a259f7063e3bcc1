package io.github.recurrent.tf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.tf.listener.JsonLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whenever a training is interrupted, it ends with a checkpoint of that moment. */
class InterruptTest {
  private static Checkpoint byCurriculum;
  private static Checkpoint byEpochs;

  @TempDir Path folder;

  /** Trains with a trainer. */
  private interface Training {
    Checkpoint train(Trainer trainer) throws IOException;
  }

  @BeforeAll
  static void trainWithoutInterrupts() throws IOException {
    byCurriculum = SmallTraining.byCurriculum().train(SmallTraining.DATA);
    byEpochs = SmallTraining.byEpochs().train(SmallTraining.COMPOSITION);
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  // The event, and which of its kind; 35 updates, seven evaluations, three stages.
  @ParameterizedTest
  @CsvSource({
    "started, 1",
    "stageStarted, 3",
    "stepped, 5",
    "stepped, 8",
    "evaluated, 6",
    "evaluated, 7",
    "stagePassed, 1",
    "checkpointWritten, 3",
    "cooldownStarted, 1",
    "stepped, 35",
  })
  void aCurriculumEndsWithItsCheckpointAndGoesOnAsIfItHadNotStopped(String event, int count)
      throws IOException {
    interrupt(
        SmallTraining.byCurriculum().checkpoints(folder).checkpointEverySteps(12),
        trainer -> trainer.train(SmallTraining.DATA),
        byCurriculum,
        event,
        count);
  }

  // 20 updates, four evaluations.
  @ParameterizedTest
  @CsvSource({
    "started, 1",
    "stepped, 5",
    "stepped, 7",
    "evaluated, 1",
    "evaluated, 2",
    "evaluated, 4",
    "checkpointWritten, 1",
    "checkpointWritten, 3",
    "stepped, 20",
  })
  void epochsEndWithTheirCheckpointAndGoOnAsIfTheyHadNotStopped(String event, int count)
      throws IOException {
    interrupt(
        SmallTraining.byEpochs().checkpoints(folder).checkpointEvery(2),
        trainer -> trainer.train(SmallTraining.COMPOSITION),
        byEpochs,
        event,
        count);
  }

  private void interrupt(
      Trainer trainer, Training training, Checkpoint expected, String event, int count)
      throws IOException {
    List<String> events = new ArrayList<>();
    TrainingListener interruption =
        SmallTraining.hearing(
            heard -> {
              events.add(heard);
              if (heard.equals(event)
                  && events.stream().filter(one -> one.equals(event)).count() == count) {
                Thread.currentThread().interrupt();
              }
            });

    assertThatThrownBy(() -> training.train(trainer.listener(interruption)))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("interrupted")
        .hasMessageContaining(folder.resolve("latest").toString());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(SmallTraining.latest(folder).step())
        .isEqualTo(events.stream().filter("stepped"::equals).count());
    Checkpoint resumed =
        training.train(trainer.startFrom(Checkpoint.read(folder.resolve("latest"))));
    assertThat(resumed).isEqualTo(expected);
  }

  @Test
  void anInterruptDuringAWriteDoesNotBreakIt() throws Exception {
    Thread training = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              // Begins while the first checkpoint is written aside, and does not stop.
              while (!Files.exists(folder.resolve(".latest.writing"))) {
                Thread.onSpinWait();
              }
              while (!Thread.currentThread().isInterrupted()) {
                training.interrupt();
              }
            });
    interrupter.start();
    try {
      assertThatThrownBy(
              () ->
                  SmallTraining.byCurriculum()
                      .checkpoints(folder)
                      .checkpointEverySteps(1)
                      .train(SmallTraining.DATA))
          .isInstanceOf(CancellationException.class);
    } finally {
      interrupter.interrupt();
      while (interrupter.isAlive()) {
        Thread.onSpinWait();
      }
    }

    assertThat(Thread.interrupted()).isTrue();
    assertThat(SmallTraining.latest(folder).step()).isPositive();
  }

  @Test
  void anInterruptClosesNoChannelOfAWrite() throws IOException {
    Path file = folder.resolve("file");
    Thread.currentThread().interrupt();

    UninterruptedWrite.run(
        () -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[5]));
          }
        });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasSize(5);
  }

  @Test
  void aListenerCanWriteItsFilesWhenTheTrainingIsInterrupted() throws IOException {
    Path log = folder.resolve("log.jsonl");
    Path channel = folder.resolve("channel");

    assertThatThrownBy(
            () ->
                SmallTraining.byCurriculum()
                    .listener(
                        SmallTraining.hearing(
                            event -> {
                              if (event.equals("stepped")) {
                                Thread.currentThread().interrupt();
                              }
                            }))
                    .listener(JsonLines.to(log))
                    .listener(
                        SmallTraining.hearing(
                            event -> {
                              // Unlike a stream of Files, such a channel is closed by interrupts.
                              try (FileChannel file =
                                  FileChannel.open(
                                      channel,
                                      StandardOpenOption.CREATE,
                                      StandardOpenOption.APPEND)) {
                                file.write(ByteBuffer.wrap((event + "\n").getBytes(UTF_8)));
                              } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                              }
                            }))
                    .train(SmallTraining.DATA))
        .isInstanceOf(CancellationException.class);

    Thread.interrupted();
    assertThat(Files.readAllLines(channel)).endsWith("stepped", "finished");
    assertThat(Files.readString(log)).contains("\"complete\":false");
  }

  @Test
  void anInterruptThatAListenerHasTurnedIntoAnExceptionIsNotLost() throws IOException {
    assertThatThrownBy(
            () ->
                SmallTraining.byCurriculum()
                    .checkpoints(folder)
                    .listener(
                        SmallTraining.hearing(
                            event -> {
                              if (event.equals("evaluated")) {
                                throw new IllegalStateException(new InterruptedException());
                              }
                            }))
                    .train(SmallTraining.DATA))
        .isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(SmallTraining.latest(folder).step()).isEqualTo(5);
  }
}
