package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Accuracies over the steps, epochs and time of a training (paper, figure 3), by type of fact.
 * Immutable and thread-safe.
 */
@Value.Immutable
public abstract class LearningRecord implements Report {
  private static final String EVALUATIONS = "evaluations";
  private static final String STEP = "step";
  private static final String EPOCH = "epoch";
  private static final String SECONDS = "seconds";
  private static final String ACCURACY = "accuracy";
  private static final ImmutableSet<String> NO_TYPES =
      ImmutableSet.of(STEP, "stage", EPOCH, "iterations", SECONDS);

  LearningRecord() {}

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
    return ImmutableLearningRecord.builder()
        .setup(lines.setup())
        .evaluations(lines.evaluations())
        .build();
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
      long step, int epoch, double seconds, ImmutableMap<String, Double> accuracies) {}

  /** Returns where the figures are from; its provenance is that of the training. */
  public abstract Setup setup();

  /** Returns the evaluations, in their order. */
  public abstract ImmutableList<Evaluation> evaluations();

  /** Returns the types of fact that were evaluated. */
  public final ImmutableSet<String> types() {
    ImmutableSet.Builder<String> types = ImmutableSet.builder();
    evaluations().forEach(evaluation -> types.addAll(evaluation.accuracies().keySet()));
    return types.build();
  }

  /** Returns the evaluations on facts of a type, in their order. */
  public final ImmutableList<Evaluation> evaluations(String type) {
    return evaluations().stream()
        .filter(evaluation -> evaluation.accuracies().containsKey(type))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the first evaluation in which facts of a type were answered with at least some
   * accuracy, such as the beginning of a stage of generalization; nothing if there is none.
   *
   * @throws IllegalArgumentException if there are no facts of the type
   */
  public final Optional<Evaluation> reached(String type, double accuracy) {
    checkArgument(
        types().contains(type), "no facts of type \"%s\"; there are those of %s", type, types());
    return evaluations().stream()
        .filter(evaluation -> evaluation.accuracies().getOrDefault(type, -1.0) >= accuracy)
        .findFirst();
  }

  /**
   * Reads what {@link #toJson} has written. Evaluations may also have their accuracies beside their
   * steps in the place of below {@code accuracy}, and lack epochs and times.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static LearningRecord ofJson(JsonNode json) {
    return ReportJson.read(
        "record of a training",
        () -> {
          ImmutableLearningRecord.Builder record =
              ImmutableLearningRecord.builder().setup(Setup.of(json));
          for (JsonNode evaluation : json.required(EVALUATIONS)) {
            record.addEvaluations(
                new Evaluation(
                    evaluation.required(STEP).longValue(),
                    evaluation.path(EPOCH).intValue(),
                    evaluation.hasNonNull(SECONDS)
                        ? ReportJson.figure(evaluation, SECONDS)
                        : Double.NaN,
                    accuracies(
                        evaluation.has(ACCURACY) ? evaluation.required(ACCURACY) : evaluation)));
          }
          return record.build();
        });
  }

  static ImmutableMap<String, Double> accuracies(JsonNode object) {
    ImmutableMap.Builder<String, Double> accuracies = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!NO_TYPES.contains(entry.getKey())) {
        accuracies.put(entry.getKey(), ReportJson.figure(object, entry.getKey()));
      }
    }
    return accuracies.buildOrThrow();
  }

  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    setup().addTo(json);
    ArrayNode all = json.putArray(EVALUATIONS);
    for (Evaluation evaluation : evaluations()) {
      ObjectNode one = all.addObject();
      one.put(STEP, evaluation.step()).put(EPOCH, evaluation.epoch());
      ReportJson.put(one, SECONDS, evaluation.seconds());
      evaluation.accuracies().forEach(one.putObject(ACCURACY)::put);
    }
    return json;
  }

  /** Returns the figures as rows, one for each type of facts and step. */
  @Override
  public final Table table() {
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

  @Value.Check
  void check() {
    for (int index = 1; index < evaluations().size(); index++) {
      checkArgument(
          evaluations().get(index - 1).step() < evaluations().get(index).step(),
          "evaluations must come with more steps, but step %s comes after %s",
          evaluations().get(index).step(),
          evaluations().get(index - 1).step());
    }
  }
}
