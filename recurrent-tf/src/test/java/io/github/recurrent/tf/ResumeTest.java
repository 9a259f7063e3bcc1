package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.fixtures.ForkedJvm;
import io.github.recurrent.model.Recurrence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was stopped, in whatever way, goes on bit for bit as if it had not been. */
class ResumeTest {
  private static final MultiHopDataset DATA = SmallTraining.DATA;
  private static final Curriculum CURRICULUM =
      Curriculum.byHops()
          .atomicFirst()
          .stepsPerEpoch(20)
          .untilAccuracy(1e-9)
          .keepOptimizer()
          .cooldown(20, 0.1);

  // What the cases of a test compare with is the same for all of them.
  private static final Supplier<Whole> WHOLE = Suppliers.memoize(() -> Whole.of(trainer()));
  private static final Supplier<Whole> WHOLE_WITH_RECURRENCES =
      Suppliers.memoize(() -> Whole.of(trainerWithRecurrences()));
  private static final Supplier<Whole> WHOLE_OF_COMPOSITION =
      Suppliers.memoize(
          () -> Whole.of(losses -> composing().listener(losses).train(SmallTraining.MANY_TO_ONE)));

  private static final int SIGINT = 2;
  private static final int KILLS = 4;

  @TempDir Path folder;

  /** The losses by step; a step that is made twice must give the same loss twice. */
  private static final class Losses implements TrainingListener {
    private final Map<Long, Double> bySteps = new TreeMap<>();

    @Override
    public void stepped(Step step) {
      bySteps.put(step.number(), step.loss());
    }
  }

  @FunctionalInterface
  private interface Training {
    Checkpoint run(TrainingListener listener) throws IOException;
  }

  /** A training that nothing stopped. */
  private record Whole(Map<Long, Double> losses, Checkpoint checkpoint) {
    private static Whole of(Training training) {
      Losses losses = new Losses();
      try {
        Checkpoint checkpoint = training.run(losses);
        return new Whole(losses.bySteps, checkpoint);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Whole of(Trainer trainer) {
      return of(losses -> trainer.listener(losses).train(DATA));
    }
  }

  // In the first epoch, at the end of one, in the middle of a later stage, and in the cooldown.
  @ParameterizedTest
  @ValueSource(longs = {3, 10, 17, 46, 61, 75})
  void aCancelledTrainingGoesOnAsIfItHadNotStopped(long step) throws IOException {
    assertGoesOnAsIfItHadNotStopped(trainer(), WHOLE.get(), step);
  }

  // In the middle of a stage that has a recurrence of its own, at its end, and in the cooldown.
  @ParameterizedTest
  @ValueSource(longs = {30, 40, 75})
  void aCancelledTrainingWithTheRecurrencesOfStagesGoesOnAsIfItHadNotStopped(long step)
      throws IOException {
    assertGoesOnAsIfItHadNotStopped(trainerWithRecurrences(), WHOLE_WITH_RECURRENCES.get(), step);
  }

  private void assertGoesOnAsIfItHadNotStopped(Trainer trainer, Whole whole, long step)
      throws IOException {
    assertThat(whole.losses).hasSize(80);

    Cancellation cancellation = Cancellation.create();
    Losses parts = new Losses();
    TrainingListener cancel =
        new TrainingListener() {
          @Override
          public void stepped(Step made) {
            if (made.number() == step) {
              cancellation.cancel();
            }
          }
        };
    assertThatThrownBy(
            () ->
                trainer
                    .checkpoints(folder)
                    .cancellation(cancellation)
                    .listener(parts)
                    .listener(cancel)
                    .train(DATA))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("after step " + step)
        .hasMessageContaining(folder.resolve("latest").toString());
    assertThat(parts.bySteps).hasSize((int) step);
    Checkpoint resumed =
        trainer.startFrom(Checkpoint.read(folder.resolve("latest"))).listener(parts).train(DATA);

    assertThat(parts.bySteps).isEqualTo(whole.losses);
    assertThat(resumed.parameters()).isEqualTo(whole.checkpoint.parameters());
    assertThat(resumed.trainingState()).isEqualTo(whole.checkpoint.trainingState());
  }

  @Test
  void aFinishedTrainingHasNothingMoreToDo() throws IOException {
    Checkpoint finished = WHOLE.get().checkpoint;
    Losses none = new Losses();

    Checkpoint again = trainer().startFrom(finished).listener(none).train(DATA);

    assertThat(none.bySteps).isEmpty();
    assertThat(again.parameters()).isEqualTo(finished.parameters());
  }

  // In the middle and at the end of the atomic epochs, and of the composed ones.
  @ParameterizedTest
  @ValueSource(longs = {7, 10, 13, 20})
  void aCancelledCompositionTrainingGoesOnAsIfItHadNotStopped(long step) throws IOException {
    CompositionDataset data = SmallTraining.MANY_TO_ONE;
    Trainer trainer = composing();
    Whole whole = WHOLE_OF_COMPOSITION.get();

    Cancellation cancellation = Cancellation.create();
    Losses parts = new Losses();
    assertThatThrownBy(
            () ->
                trainer
                    .checkpoints(folder)
                    .cancellation(cancellation)
                    .listener(parts)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step made) {
                            if (made.number() == step) {
                              cancellation.cancel();
                            }
                          }
                        })
                    .train(data))
        .isInstanceOf(CancellationException.class);
    Checkpoint resumed =
        trainer.startFrom(Checkpoint.read(folder.resolve("latest"))).listener(parts).train(data);

    assertThat(parts.bySteps).isEqualTo(whole.losses);
    assertThat(resumed.parameters()).isEqualTo(whole.checkpoint.parameters());
  }

  @Test
  void anInterruptedThreadWritesACheckpointAndStaysInterrupted() throws IOException {
    assertThatThrownBy(
            () ->
                trainer()
                    .checkpoints(folder)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step made) {
                            if (made.number() == 5) {
                              Thread.currentThread().interrupt();
                            }
                          }
                        })
                    .train(DATA))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("interrupted after step 5");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(state(folder.resolve("latest")).step()).isEqualTo(5);
  }

  @Test
  void weightsThatAreNoNumbersNeverReplaceAGoodCheckpoint() throws IOException {
    List<Long> checkpoints = new ArrayList<>();
    assertThatThrownBy(
            () ->
                trainer()
                    .checkpoints(folder)
                    .checkpointEverySteps(1)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void checkpointWritten(Path written, long step) {
                            checkpoints.add(step);
                          }
                        })
                    .optimizer(AdamW.builder().learningRate(1e30).warmupSteps(0).build())
                    .train(DATA))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("learning rate 1.0E30");

    assertThat(checkpoints)
        .isEqualTo(LongStream.rangeClosed(1, checkpoints.size()).boxed().toList());
    if (Files.exists(folder.resolve("latest"))) {
      Checkpoint.read(folder.resolve("latest"));
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void controlCWritesACheckpointBeforeTheProcessEnds() throws Exception {
    assumeThat(ignoresInterrupts())
        .as("a process started in the background of a script ignores SIGINT, as do its children")
        .isFalse();
    Process process = start();
    awaitCheckpoint();

    Runtime.getRuntime().exec(new String[] {"kill", "-INT", Long.toString(process.pid())});

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    long step = state(folder.resolve("latest")).step();
    assertThat(output).contains("stopped after step " + step + ".");
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    String ignored = "SigIgn:\t";
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(ignored))
        .map(line -> Long.parseUnsignedLong(line.substring(ignored.length()), 16))
        .anyMatch(signals -> (signals >> (SIGINT - 1) & 1) == 1);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aProcessKilledAtAnyMomentLeavesACheckpointFromWhichLossesRepeat() throws Exception {
    Random random = new Random(3);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start();
      awaitCheckpoint();
      Thread.sleep(random.nextInt(300));
      process.destroyForcibly().waitFor();
      Checkpoint.read(folder.resolve("latest"));
    }
    Checkpoint left = Checkpoint.read(folder.resolve("latest"));
    long step = left.trainingState().orElseThrow().step();

    int more = 5;
    Losses resumed = new Losses();
    stopAfter(step + more, endless().startFrom(left).listener(resumed));
    Losses whole = new Losses();
    stopAfter(step + more, endless().listener(whole));

    for (long after = step + 1; after <= step + more; after++) {
      assertThat(resumed.bySteps.get(after)).isEqualTo(whole.bySteps.get(after));
    }
  }

  private static void stopAfter(long step, Trainer trainer) {
    Cancellation cancellation = Cancellation.create();
    assertThatThrownBy(
            () ->
                trainer
                    .cancellation(cancellation)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step made) {
                            if (made.number() == step) {
                              cancellation.cancel();
                            }
                          }
                        })
                    .train(DATA))
        .isInstanceOf(CancellationException.class);
  }

  private Process start() throws IOException {
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .addAll(ForkedJvm.SHORT_LIVED)
            .add("-Xmx256m", "-cp", System.getProperty("java.class.path"))
            .add(ResumeTest.class.getName(), folder.toString())
            .build();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private void awaitCheckpoint() throws InterruptedException {
    long before = latest();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (latest() == before && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(latest()).as("a checkpoint within a minute").isNotEqualTo(before);
  }

  private long latest() {
    return folder.resolve("latest").resolve("config.json").toFile().lastModified();
  }

  private static io.github.recurrent.checkpoint.Checkpoint.TrainingState state(Path path)
      throws IOException {
    return Checkpoint.read(path).trainingState().orElseThrow();
  }

  /** Trains for ever, from the latest checkpoint in a folder if there is one. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Trainer trainer =
        endless()
            .checkpoints(folder)
            .checkpointEverySteps(7)
            .cancellation(Cancellation.onShutdown())
            .listener(
                new TrainingListener() {
                  @Override
                  public void finished(long steps, Duration duration, boolean complete) {
                    if (!complete) {
                      System.out.println("stopped after step " + steps + ".");
                    }
                  }
                });
    Path latest = folder.resolve("latest");
    (Files.exists(latest) ? trainer.startFrom(Checkpoint.read(latest)) : trainer).train(DATA);
  }

  private static Trainer endless() {
    return trainer()
        .curriculum(
            Curriculum.byHops().stepsPerEpoch(1000).untilAccuracy(0.999).epochsPerStage(1000));
  }

  private static Trainer trainer() {
    return SmallTraining.thatLearns().dropout(Dropout.extrapolation()).curriculum(CURRICULUM);
  }

  private static Trainer trainerWithRecurrences() {
    return trainer()
        .curriculum(
            CURRICULUM
                .recurrence(1, 1, Recurrence.fixed(1))
                .recurrence(2, 3, Recurrence.poisson(1.5).between(1, 2)));
  }

  private static Trainer composing() {
    return SmallTraining.onManyToOne()
        .epochs(Epochs.of(4).steps(5).atomicFirst(2).cooldown(1, 0.1));
  }
}
