package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.tf.listener.JsonLines;
import io.github.recurrent.tf.listener.LearningCurveChart;
import io.github.recurrent.tf.listener.TensorBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A listener that fails harms neither the training nor the other listeners. */
class ListenerFailureTest {
  private static final Logger LOG = Logger.getLogger(TrainingListener.class.getName());

  @TempDir Path folder;

  private final List<LogRecord> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord warning) {
          warnings.add(warning);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listenToWarnings() {
    LOG.setUseParentHandlers(false);
    LOG.addHandler(handler);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("full"),
        new CancellationException("a request of the listener's own"),
        new NoClassDefFoundError("no fonts"),
        new UnsatisfiedLinkError("no fonts"),
        new InternalError("no fonts"),
        new StackOverflowError(),
        new AssertionError("wrong"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aTrainingGoesOnAndEveryListenerHearsAllOfIt(Throwable failure) throws IOException {
    List<String> expected = new ArrayList<>();
    Checkpoint undisturbed =
        SmallTraining.byCurriculum()
            .listener(SmallTraining.hearing(expected::add))
            .checkpoints(folder.resolve("undisturbed"))
            .train(SmallTraining.DATA);
    List<String> failing = new ArrayList<>();
    List<String> other = new ArrayList<>();

    Checkpoint trained =
        SmallTraining.byCurriculum()
            .listener(
                SmallTraining.hearing(
                    event -> {
                      failing.add(event);
                      ListenerFailureTest.<RuntimeException>raise(failure);
                    }))
            .listener(SmallTraining.hearing(other::add))
            .checkpoints(folder.resolve("disturbed"))
            .train(SmallTraining.DATA);

    assertThat(trained).isEqualTo(undisturbed);
    assertThat(other).isEqualTo(expected).contains("started", "stagePassed", "finished");
    assertThat(failing).isEqualTo(expected);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0).getThrown()).isSameAs(failure);
    assertThat(warnings.get(0).getMessage()).contains("the training goes on");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void aListenerWithoutMemoryEndsTheTrainingOnceItsCheckpointIsWritten() throws IOException {
    OutOfMemoryError failure = new OutOfMemoryError("a chart too large");
    List<Boolean> finished = new ArrayList<>();

    assertThatThrownBy(
            () ->
                SmallTraining.byCurriculum()
                    .checkpoints(folder)
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void stepped(Step step) {
                            if (step.number() == 8) {
                              throw failure;
                            }
                          }
                        })
                    .listener(
                        new TrainingListener() {
                          @Override
                          public void finished(long steps, Duration duration, boolean complete) {
                            finished.add(complete);
                          }
                        })
                    .train(SmallTraining.DATA))
        .isSameAs(failure);

    assertThat(SmallTraining.latest(folder).step()).isEqualTo(8);
    assertThat(finished).containsExactly(false);
    assertThat(SmallTraining.byCurriculum().startFrom(latest()).train(SmallTraining.DATA))
        .isEqualTo(SmallTraining.byCurriculum().train(SmallTraining.DATA));
  }

  private Checkpoint latest() throws IOException {
    return Checkpoint.read(folder.resolve("latest"));
  }

  @Test
  void aLogThatCannotBeWrittenAnyMoreEndsNoTraining() throws IOException {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Path log = logs.resolve("log.jsonl");
    TrainingListener json = JsonLines.to(log, 1);
    TrainingListener board = TensorBoard.to(logs, 1);
    Files.delete(log);
    Files.delete(logs);
    List<String> other = new ArrayList<>();

    SmallTraining.byCurriculum()
        .listener(json)
        .listener(board)
        .listener(LearningCurveChart.to(logs.resolve("curves.png"), "Curves"))
        .listener(SmallTraining.hearing(other::add))
        .train(SmallTraining.DATA);

    assertThat(other).contains("finished");
    assertThat(warnings.get(0).getMessage()).contains(JsonLines.class.getName());
    assertThat(warnings.get(1).getMessage()).contains(TensorBoard.class.getName());
    assertThat(warnings.stream().map(LogRecord::getMessage).distinct())
        .hasSameSizeAs(warnings)
        .hasSizeLessThanOrEqualTo(3);
  }
}
