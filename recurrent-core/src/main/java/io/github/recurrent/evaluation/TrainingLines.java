package io.github.recurrent.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.internal.text.MalformedTextException;
import io.github.recurrent.internal.text.Utf8File;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a training wrote about itself, one JSON object per line. Not thread-safe. */
final class TrainingLines {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Far more than an event has, and so little that its tree fits into any memory. */
  private static final int LONGEST_LINE = 1 << 20;

  private final Path file;
  private final List<LearningRecord.Evaluation> evaluations = new ArrayList<>();
  private final List<CurriculumSteps.Stage> passed = new ArrayList<>();
  private ImmutableMap<String, String> configuration = ImmutableMap.of();
  private double secondsBefore;
  private double seconds;

  private TrainingLines(Path file) {
    this.file = file;
  }

  static TrainingLines read(Path file) throws IOException {
    TrainingLines lines = new TrainingLines(file);
    try (BufferedReader reader = new BufferedReader(Utf8File.open(file))) {
      int number = 0;
      String line = readLine(reader);
      while (line != null) {
        number++;
        String next = readLine(reader);
        lines.read(line, number, next == null);
        line = next;
      }
    }
    return lines;
  }

  /** Returns the next line; an interrupted write may have ended within one of its characters. */
  private static @Nullable String readLine(BufferedReader reader) throws IOException {
    try {
      return reader.readLine();
    } catch (MalformedTextException e) {
      if (e.isCutOff()) {
        return null;
      }
      throw e;
    }
  }

  private void read(String line, int number, boolean last) {
    if (line.isBlank()) {
      return;
    }
    if (line.length() > LONGEST_LINE) {
      throw new IllegalArgumentException(
          at(number)
              + " has "
              + line.length()
              + " characters, but an event of a training has at most "
              + LONGEST_LINE);
    }
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      if (last) {
        return;
      }
      throw new IllegalArgumentException(
          at(number) + " is not valid JSON: " + e.getOriginalMessage(), e);
    }
    try {
      read(event);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          at(number) + " is not an event of a training: " + e.getMessage(), e);
    }
  }

  private String at(int number) {
    return "line " + number + " of " + file;
  }

  private record Event(String event, double time) {}

  private record Started(ImmutableMap<String, String> configuration) {}

  private record Passed(int stage, long step) {}

  private void read(JsonNode json) {
    Event event = Binding.read(json, Event.class);
    if (event.event().equals("started")) {
      secondsBefore = seconds;
      configuration = Binding.read(json, Started.class).configuration();
    }
    seconds = secondsBefore + event.time();
    if (event.event().equals("evaluated")) {
      evaluated((ObjectNode) json);
    } else if (event.event().equals("stage_passed")) {
      stagePassed(Binding.read(json, Passed.class));
    }
  }

  private void evaluated(ObjectNode json) {
    json.putIfAbsent("epoch", IntNode.valueOf(0));
    json.put("seconds", seconds);
    LearningRecord.Evaluation evaluation = Binding.read(json, LearningRecord.Evaluation.class);
    // Steps go up, but for those that a resumed training does again: only the last can be such.
    while (!evaluations.isEmpty()
        && evaluations.get(evaluations.size() - 1).step() >= evaluation.step()) {
      evaluations.remove(evaluations.size() - 1);
    }
    evaluations.add(evaluation);
  }

  private void stagePassed(Passed stage) {
    while (!passed.isEmpty() && passed.get(passed.size() - 1).hops() >= stage.stage()) {
      passed.remove(passed.size() - 1);
    }
    long before = passed.isEmpty() ? 0 : passed.get(passed.size() - 1).steps();
    passed.add(
        new CurriculumSteps.Stage(stage.stage(), stage.step(), stage.step() - before, seconds));
  }

  Setup setup() {
    return Setup.ofTraining("what the training wrote into " + file.getFileName(), configuration);
  }

  ImmutableList<LearningRecord.Evaluation> evaluations() {
    return ImmutableList.copyOf(evaluations);
  }

  ImmutableList<CurriculumSteps.Stage> passed() {
    return ImmutableList.copyOf(passed);
  }
}
