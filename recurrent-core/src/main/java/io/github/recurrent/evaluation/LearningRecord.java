package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Accuracies over the steps, epochs and time of a training (paper, figure 3), by type of fact.
 * Immutable and thread-safe.
 *
 * <p>Read from JSON, evaluations may have their accuracies beside their steps instead of below
 * {@code accuracy}, and may lack epochs and times.
 *
 * @param setup where the figures are from; its provenance is that of the training
 * @param evaluations the evaluations, in their order
 */
public record LearningRecord(Setup setup, ImmutableList<Evaluation> evaluations) implements Report {
  private static final String STEP = "step";
  private static final String EPOCH = "epoch";
  private static final String SECONDS = "seconds";
  private static final String ACCURACY = "accuracy";
  private static final ImmutableSet<String> NO_TYPES =
      ImmutableSet.of(STEP, "stage", EPOCH, "iterations", SECONDS);

  /**
   * Checks the evaluations.
   *
   * @throws IllegalArgumentException if one does not come with more steps than that before
   */
  public LearningRecord {
    for (int index = 1; index < evaluations.size(); index++) {
      checkArgument(
          evaluations.get(index - 1).step() < evaluations.get(index).step(),
          "evaluations must come with more steps, but step %s comes after %s",
          evaluations.get(index).step(),
          evaluations.get(index - 1).step());
    }
  }

  /**
   * Returns the evaluations of a training, by the JSON lines it wrote while it went on. What a
   * resumed training did again counts once, and its times go on where the one before stopped; a
   * line that an interruption has cut off is left out.
   *
   * @throws IllegalArgumentException if a line is bad, or there was no evaluation
   * @throws IOException if the file cannot be read
   */
  public static LearningRecord readJsonLines(Path file) throws IOException {
    TrainingLines lines = TrainingLines.read(file);
    checkArgument(!lines.evaluations().isEmpty(), "%s tells of no evaluation", file);
    return new LearningRecord(lines.setup(), lines.evaluations());
  }

  /**
   * The accuracies at a moment of the training.
   *
   * @param step the number of updates made
   * @param epoch the epoch that ended, of its stage; 0 if it is not known
   * @param seconds the time since training began, its interruptions left out; NaN if it is not
   *     known
   * @param accuracies the shares of right answers, in [0, 1], by type of fact
   */
  public record Evaluation(
      long step,
      int epoch,
      double seconds,
      @JsonProperty(ACCURACY) ImmutableMap<String, Double> accuracies) {}

  /** Returns the types of fact that were evaluated. */
  public ImmutableSet<String> types() {
    ImmutableSet.Builder<String> types = ImmutableSet.builder();
    evaluations.forEach(evaluation -> types.addAll(evaluation.accuracies().keySet()));
    return types.build();
  }

  /** Returns the evaluations on facts of a type, in their order. */
  public ImmutableList<Evaluation> evaluations(String type) {
    return evaluations.stream()
        .filter(evaluation -> evaluation.accuracies().containsKey(type))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the first evaluation in which facts of a type were answered with at least some
   * accuracy, such as the beginning of a stage of generalization; nothing if there is none.
   *
   * @throws IllegalArgumentException if there are no facts of the type
   */
  public Optional<Evaluation> reached(String type, double accuracy) {
    checkArgument(
        types().contains(type), "no facts of type \"%s\"; there are those of %s", type, types());
    return evaluations.stream()
        .filter(evaluation -> evaluation.accuracies().getOrDefault(type, -1.0) >= accuracy)
        .findFirst();
  }

  /** Adds what the JSON of evaluations may lack, and moves accuracies below their field. */
  static void complete(JsonNode record) {
    for (JsonNode evaluation : record.path("evaluations")) {
      if (evaluation instanceof ObjectNode fields) {
        if (!fields.has(ACCURACY)) {
          fields.set(ACCURACY, fields.deepCopy().remove(NO_TYPES));
        }
        fields.putIfAbsent(EPOCH, IntNode.valueOf(0));
        fields.putIfAbsent(SECONDS, NullNode.getInstance());
      }
    }
  }

  /** Returns the figures as rows, one for each type of facts and step. */
  @Override
  public Table table() {
    Table.Builder table = Table.keys("type", STEP, EPOCH).figures(ACCURACY, SECONDS);
    for (String type : types()) {
      for (Evaluation evaluation : evaluations(type)) {
        table.row(
            ImmutableList.of(type, evaluation.step(), evaluation.epoch()),
            evaluation.accuracies().getOrDefault(type, Double.NaN),
            evaluation.seconds());
      }
    }
    return table.build();
  }
}
