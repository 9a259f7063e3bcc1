package io.github.recurrent.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.LibraryVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a training wrote about itself, one JSON object a line. Not thread-safe. */
final class TrainingLines {
  private static final JsonMapper JSON = JsonMapper.builder().build();

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
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      String line = reader.readLine();
      while (line != null) {
        number++;
        String next = reader.readLine();
        lines.read(line, number, next == null);
        line = next;
      }
    }
    return lines;
  }

  private void read(String line, int number, boolean last) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      if (last) {
        return;
      }
      throw new IllegalArgumentException(
          "line " + number + " of " + file + " is no JSON: " + e.getOriginalMessage(), e);
    }
    try {
      read(event);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line " + number + " of " + file + " is no event of a training: " + e.getMessage(), e);
    }
  }

  private void read(JsonNode event) {
    String name = ReportJson.text(event, "event");
    if (name.equals("started")) {
      secondsBefore = seconds;
      configuration = Setup.texts(event.required("configuration"));
    }
    seconds = secondsBefore + ReportJson.figure(event, "time");
    if (name.equals("evaluated")) {
      evaluated(event);
    } else if (name.equals("stage_passed")) {
      stagePassed(event);
    }
  }

  private void evaluated(JsonNode event) {
    long step = event.required("step").longValue();
    evaluations.removeIf(earlier -> earlier.step() >= step);
    evaluations.add(
        new LearningRecord.Evaluation(
            step,
            event.path("epoch").intValue(),
            seconds,
            LearningRecord.accuracies(event.required("accuracy"))));
  }

  private void stagePassed(JsonNode event) {
    int hops = ReportJson.integer(event, "stage");
    long step = event.required("step").longValue();
    passed.removeIf(earlier -> earlier.hops() >= hops);
    long before = passed.isEmpty() ? 0 : passed.get(passed.size() - 1).steps();
    passed.add(new CurriculumSteps.Stage(hops, step, step - before, seconds));
  }

  Setup setup() {
    return ImmutableSetup.builder()
        .data("what the training wrote into " + file.getFileName())
        .library(LibraryVersion.name())
        .provenance(configuration)
        .build();
  }

  ImmutableList<LearningRecord.Evaluation> evaluations() {
    return ImmutableList.copyOf(evaluations);
  }

  ImmutableList<CurriculumSteps.Stage> passed() {
    return ImmutableList.copyOf(passed);
  }
}
