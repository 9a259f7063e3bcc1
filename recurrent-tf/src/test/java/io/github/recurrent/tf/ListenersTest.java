package io.github.recurrent.tf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.recurrent.tf.internal.natives.GraphOperations;
import io.github.recurrent.tf.listener.JsonLines;
import io.github.recurrent.tf.listener.LearningCurveChart;
import io.github.recurrent.tf.listener.ProgressBar;
import io.github.recurrent.tf.listener.TensorBoard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.ReaderRead;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.types.TString;

class ListenersTest {
  @TempDir Path folder;

  @Test
  void everyLineIsOneJsonObject() throws IOException {
    Path file = folder.resolve("run/log.jsonl");
    hear(JsonLines.to(file, 2), 0.5);

    List<JsonNode> lines = read(file);
    assertThat(lines.stream().map(line -> line.get("event").asText()))
        .containsExactly(
            "started",
            "stage_started",
            "steps",
            "evaluated",
            "stage_passed",
            "checkpoint",
            "finished");
    assertThat(lines.get(0).get("configuration").get("seed").asText()).isEqualTo("7");
    JsonNode steps = lines.get(2);
    assertThat(steps.get("step").asLong()).isEqualTo(2);
    assertThat(steps.get("loss").asDouble()).isEqualTo(0.75);
    assertThat(steps.get("learning_rate").asDouble()).isEqualTo(0.01);
    assertThat(lines.get(3).get("accuracy").get("2hop_test").asDouble()).isEqualTo(0.9);
    assertThat(lines.get(6).get("complete").asBoolean()).isTrue();
  }

  @Test
  void aTrainingThatWasStoppedIsToldFromOneThatCameToItsEnd() throws IOException {
    Path file = folder.resolve("log.jsonl");
    JsonLines.to(file).finished(3, Duration.ofSeconds(2), false);
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    ProgressBar.lines(new PrintStream(console, true, UTF_8))
        .finished(3, Duration.ofSeconds(2), false);

    assertThat(read(file).get(0).get("complete").asBoolean()).isFalse();
    assertThat(console.toString(UTF_8)).startsWith("3 steps, then stopped; 0 min 02 s");
  }

  @Test
  void aResumedTrainingAddsLinesAfterHalfALineWasCutOff() throws IOException {
    Path file = folder.resolve("log.jsonl");
    hear(JsonLines.to(file, 2), 0.5);
    int before = read(file).size();
    Files.writeString(file, Files.readString(file) + "{\"event\":\"st");

    hear(JsonLines.to(file, 2), 0.5);

    assertThat(read(file)).hasSize(2 * before);
  }

  @Test
  void anInfiniteLossIsStillJson() throws IOException {
    Path file = folder.resolve("log.jsonl");
    hear(JsonLines.to(file, 2), Double.POSITIVE_INFINITY);

    assertThat(read(file).get(2).get("loss").asText()).isEqualTo("Infinity");
  }

  @Test
  void tensorFlowReadsTheEventsItIsWritten() throws IOException {
    hear(TensorBoard.to(folder, 2), 0.5);

    List<Event> events = new ArrayList<>();
    for (byte[] record : records(onlyFile())) {
      events.add(event(record));
    }
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(1).getSummary().getValue(0).getTensor().getStringVal(0).toStringUtf8())
        .contains("| seed | 7 |");
    assertThat(events.get(2).getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
    assertThat(
            events.stream()
                .skip(3)
                .map(
                    event ->
                        event.getStep()
                            + " "
                            + event.getSummary().getValue(0).getTag()
                            + " "
                            + event.getSummary().getValue(0).getSimpleValue())
                .filter(text -> !text.contains("examples")))
        .containsExactly(
            "0 stage 2.0",
            "2 loss 0.75",
            "2 learning rate 0.01",
            "2 iterations 4.0",
            "3 accuracy/2hop_test 0.9",
            "3 stage passed 2.0");
  }

  @Test
  void everyTrainingBeginsAnEventFileOfItsOwn() throws IOException {
    TensorBoard listener = TensorBoard.to(folder);
    hear(listener, 0.5);
    hear(listener, 0.5);

    assertThat(folder.toFile().list()).hasSize(2);
  }

  @Test
  void theLearningCurvesAreDrawnAtTheEnd() throws IOException {
    Path picture = folder.resolve("curves.png");
    hear(LearningCurveChart.to(picture, "A run"), 0.5);

    assertThat(ImageIO.read(picture.toFile()).getWidth()).isPositive();
  }

  @Test
  void aTrainingWithoutEvaluationsHasNoCurves() {
    Path picture = folder.resolve("curves.png");
    LearningCurveChart.to(picture, "A run").finished(3, Duration.ofSeconds(2), true);

    assertThat(picture).doesNotExist();
  }

  @Test
  void theRecordKeepsEvaluationsAndFindsTheFirstThatReachesAnAccuracy() {
    EvaluationRecord record = EvaluationRecord.create();
    double[] accuracies = {0.2, 0.6, 0.4, 0.7};
    for (int epoch = 1; epoch <= 4; epoch++) {
      record.evaluated(
          new TrainingListener.Evaluation(
              10L * epoch, 2, epoch, 4, ImmutableMap.of("ood", accuracies[epoch - 1])));
    }

    assertThat(record.reached("ood", 0.5).orElseThrow().step()).isEqualTo(20);
    assertThat(record.reached("ood", 0.8)).isEmpty();
    assertThat(record.reached("iid", 0.1)).isEmpty();
    assertThat(record.accuracy("ood")).isEqualTo(0.7);
    assertThat(record.evaluations()).hasSize(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> record.accuracy("iid"))
        .withMessageContaining("\"iid\"");
  }

  private static void hear(TrainingListener listener, double loss) {
    listener.started(ImmutableMap.of("seed", "7"));
    listener.stageStarted(2, 0);
    for (int step = 1; step <= 3; step++) {
      listener.stepped(new TrainingListener.Step(step, 2, 1, step, 3, loss * step, 0.01, 4, 32));
    }
    TrainingListener.Evaluation evaluation =
        new TrainingListener.Evaluation(3, 2, 1, 8, ImmutableMap.of("2hop_test", 0.9));
    listener.evaluated(evaluation);
    listener.stagePassed(2, evaluation);
    listener.checkpointWritten(Path.of("runs", "stage_2"), 3);
    listener.finished(3, Duration.ofSeconds(2), true);
  }

  private static List<JsonNode> read(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JsonMapper.builder().build().readTree(line));
    }
    return lines;
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> found = files.toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  private static Event event(byte[] record) {
    try {
      return Event.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads records with TensorFlow's own reader, which checks all checksums. */
  private static List<byte[]> records(Path file) {
    List<byte[]> records = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = GraphOperations.of(graph);
      FifoQueue files = tf.io.fifoQueue(List.of(TString.class));
      Op enqueue = tf.io.queueEnqueue(files.handle(), List.of(tf.constant(file.toString())));
      Op close = tf.io.queueClose(files.handle());
      ReaderRead next = tf.io.readerRead(tf.io.tfRecordReader().readerHandle(), files.handle());
      session.runner().addTarget(enqueue).run().close();
      session.runner().addTarget(close).run().close();
      while (true) {
        try (Result record = session.runner().fetch(next.value()).run()) {
          records.add(((TString) record.get(0)).asBytes().getObject());
        } catch (TFOutOfRangeException end) {
          return records;
        }
      }
    }
  }
}
