package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.recurrent.fixtures.ForkedJvm;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose virtual machine ends. */
class ShutdownTest {
  private static final int STATUS = 3;

  @TempDir Path folder;

  // The last one is of a thread that a listener waits for.
  @ParameterizedTest
  @ValueSource(
      strings = {"started", "stepped", "evaluated", "checkpointWritten", "finished", "elsewhere"})
  void aListenerCanEndTheMachineAndTheCheckpointIsWritten(String event) throws Exception {
    Process process = new ProcessBuilder(command("exit", event)).redirectErrorStream(true).start();

    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("the process ends by itself").isTrue();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isEqualTo(STATUS);
    long steps = output.lines().filter("heard stepped"::equals).count();
    assertThat(SmallTraining.latest(folder).step()).isEqualTo(steps);
    assertThat(output.lines().filter(line -> line.startsWith("heard ")).reduce((a, b) -> b))
        .as(output)
        .hasValue("heard finished");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void controlCInATerminalKeepsACheckpointAndSaysWhere() throws Exception {
    assumeThat(hasScript()).as("the script command of util-linux makes a terminal").isTrue();
    Path output = folder.resolve("output");
    String program =
        String.join(" ", command("train", "bar").stream().map(ShutdownTest::quoted).toList());
    Process script =
        new ProcessBuilder(
                "script",
                "--quiet",
                "--command",
                "env --default-signal=INT sh -c "
                    + quoted(
                        "stty -g > before; trap : INT; "
                            + program
                            + "; echo $? > status; stty -g > after"),
                "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await(folder.resolve("latest/config.json"));

      script.getOutputStream().write(3);
      script.getOutputStream().flush();

      assertThat(script.waitFor(90, TimeUnit.SECONDS)).as("the program ends").isTrue();
    } finally {
      script.destroyForcibly();
    }
    assertThat(Files.readString(output))
        .contains("stage")
        .contains("\r")
        .containsPattern("steps, then stopped;[^\n]* checkpoint in " + folder.resolve("latest"));
    assertThat(Files.readString(folder.resolve("status")).strip()).isEqualTo("130");
    assertThat(SmallTraining.latest(folder).step()).isPositive();
    assertThat(Files.readString(folder.resolve("after")))
        .isEqualTo(Files.readString(folder.resolve("before")));
  }

  private static boolean hasScript() throws IOException, InterruptedException {
    try {
      Process process = new ProcessBuilder("script", "--version").redirectErrorStream(true).start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return version.contains("util-linux");
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(file).exists();
  }

  private static String quoted(String argument) {
    return "'" + argument.replace("'", "'\\''") + "'";
  }

  private List<String> command(String mode, String event) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ForkedJvm.SHORT_LIVED);
    command.addAll(
        List.of(
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ShutdownTest.class.getName(),
            folder.toString(),
            mode,
            event));
    return command;
  }

  /** Trains; into a folder, with a bar or with a listener that ends the machine at an event. */
  public static void main(String[] arguments) throws IOException {
    Trainer trainer =
        SmallTraining.byCurriculum()
            .checkpoints(Path.of(arguments[0]))
            .checkpointEverySteps(4)
            .cancellation(Cancellation.onShutdown());
    if (arguments[1].equals("train")) {
      trainer
          .curriculum(
              Curriculum.byHops().stepsPerEpoch(20).untilAccuracy(0.999).epochsPerStage(1_000_000))
          .listener(ProgressBar.create())
          .train(SmallTraining.DATA);
      return;
    }
    trainer
        .listener(
            SmallTraining.hearing(
                event -> {
                  if (event.equals(arguments[2])) {
                    System.exit(STATUS);
                  } else if (arguments[2].equals("elsewhere") && event.equals("evaluated")) {
                    exitElsewhere();
                  }
                }))
        .listener(SmallTraining.hearing(event -> System.out.println("heard " + event)))
        .train(SmallTraining.DATA);
  }

  private static void exitElsewhere() {
    Thread thread = new Thread(() -> System.exit(STATUS));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theHookOfATrainingIsRemovedWhenItEnds() throws Exception {
    WeakReference<TrainingListener> listener = trainedWith();

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (listener.get() != null && System.nanoTime() < deadline) {
      System.gc();
      Thread.sleep(20);
    }

    assertThat(listener.get()).as("what the hook would hold").isNull();
  }

  private static WeakReference<TrainingListener> trainedWith() throws IOException {
    TrainingListener listener = EvaluationRecord.create();
    SmallTraining.byCurriculum()
        .cancellation(Cancellation.onShutdown())
        .listener(listener)
        .train(SmallTraining.DATA);
    return new WeakReference<>(listener);
  }

  @Test
  void theEndOfTheMachineWaitsForAnUpdateAndLetsNoOtherBegin() throws Exception {
    Cancellation cancellation = Cancellation.create();
    TrainingThread training = new TrainingThread();
    ShutdownHook hook = new ShutdownHook(training, Optional.of(cancellation), () -> {});
    Thread end = new Thread(hook::atShutdown);
    try {
      end.start();
      end.join(200);
      assertThat(end.isAlive()).as("an update is under way").isTrue();

      Thread stop =
          new Thread(
              () -> {
                try {
                  end.join();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                cancellation.cancel();
              });
      stop.start();
      hook.pauseAtShutdown();

      assertThat(cancellation.isCancelled()).as("no update begins before").isTrue();
      assertThat(end.isAlive()).isFalse();
      stop.join();
    } finally {
      hook.close();
    }
  }
}
