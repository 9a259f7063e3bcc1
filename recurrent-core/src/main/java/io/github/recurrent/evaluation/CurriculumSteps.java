package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.internal.folder.CompleteFolder;
import io.github.recurrent.internal.version.LibraryVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.immutables.value.Value;

/**
 * How many updates a curriculum needed to learn each number of hops (paper, figure 6). Immutable
 * and thread-safe.
 */
@Value.Immutable
public abstract class CurriculumSteps implements Report {
  private static final String STAGE_FOLDER = "stage_";

  CurriculumSteps() {}

  /**
   * Returns the stages that a training has passed, by the JSON lines it wrote while it went on; a
   * line that an interruption has cut off is left out.
   *
   * @throws IllegalArgumentException if a line is bad, or no stage was passed
   * @throws IOException if the file cannot be read
   */
  public static CurriculumSteps readJsonLines(Path file) throws IOException {
    TrainingLines lines = TrainingLines.read(file);
    return of(lines.setup(), lines.passed(), file);
  }

  /**
   * Returns the stages that a training has passed, by the checkpoints {@code stage_{hops}} in its
   * folder; they do not tell how long it took.
   *
   * @throws IllegalArgumentException if there is none, or one does not tell its steps
   * @throws io.github.recurrent.file.FileFormatException if one is damaged
   * @throws IOException if the folder cannot be read
   */
  public static CurriculumSteps readCheckpoints(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(
          folder.toString(), null, "the folder of checkpoints does not exist");
    }
    SortedMap<Integer, Path> stages = new TreeMap<>();
    for (Path entry : CompleteFolder.list(folder)) {
      String name = String.valueOf(entry.getFileName());
      Integer hops =
          name.startsWith(STAGE_FOLDER)
              ? Ints.tryParse(name.substring(STAGE_FOLDER.length()))
              : null;
      if (hops != null) {
        stages.put(hops, entry);
      }
    }
    ImmutableMap<String, String> provenance = ImmutableMap.of();
    ImmutableList.Builder<Stage> passed = ImmutableList.builder();
    long before = 0;
    for (var stage : stages.entrySet()) {
      provenance = Checkpoint.readProvenance(stage.getValue());
      String text = provenance.getOrDefault("steps", "");
      Long steps = Longs.tryParse(text);
      checkArgument(
          steps != null,
          "%s has \"%s\" for its steps, which is not a number",
          stage.getValue(),
          text);
      passed.add(new Stage(stage.getKey(), steps, steps - before, Double.NaN));
      before = steps;
    }
    return of(
        ImmutableSetup.builder()
            .data("checkpoints of " + stages.size() + " stages")
            .library(LibraryVersion.name())
            .provenance(provenance)
            .build(),
        passed.build(),
        folder);
  }

  private static CurriculumSteps of(Setup setup, ImmutableList<Stage> stages, Path from) {
    checkArgument(!stages.isEmpty(), "%s tells of no stage that was passed", from);
    return ImmutableCurriculumSteps.builder().setup(setup).stages(stages).build();
  }

  /**
   * A stage that was passed.
   *
   * @param hops the greatest number of hops trained on
   * @param steps the number of updates until then, since training began
   * @param stageSteps the number of updates since the stage before was passed
   * @param seconds the time until then since training began, its interruptions left out; NaN if it
   *     is not known
   */
  public record Stage(int hops, long steps, long stageSteps, double seconds) {}

  /** Returns where the figures are from; its provenance is that of the training. */
  public abstract Setup setup();

  /** Returns the stages, least hops first. */
  public abstract ImmutableList<Stage> stages();

  /** Returns the greatest number of hops that was learned. */
  public final int learnableDepth() {
    return stages().get(stages().size() - 1).hops();
  }

  /**
   * Returns the number of updates, since training began, until a number of hops was learned.
   *
   * @throws IllegalArgumentException if it was not
   */
  public final long steps(int hops) {
    return stages().stream()
        .filter(stage -> stage.hops() == hops)
        .mapToLong(Stage::steps)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    hops
                        + " hops were not learned, but "
                        + stages().stream().map(Stage::hops).toList()));
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static CurriculumSteps ofJson(JsonNode json) {
    return ReportJson.read(
        "report of curriculum steps",
        () -> {
          ImmutableCurriculumSteps.Builder steps =
              ImmutableCurriculumSteps.builder().setup(Setup.of(json));
          for (JsonNode stage : json.required("stages")) {
            steps.addStages(
                new Stage(
                    ReportJson.integer(stage, "hops"),
                    stage.required("steps").longValue(),
                    stage.required("stage_steps").longValue(),
                    ReportJson.figure(stage, "seconds")));
          }
          return steps.build();
        });
  }

  @Override
  public final ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    setup().addTo(json);
    ArrayNode all = json.putArray("stages");
    for (Stage stage : stages()) {
      ObjectNode one = all.addObject();
      one.put("hops", stage.hops())
          .put("steps", stage.steps())
          .put("stage_steps", stage.stageSteps());
      ReportJson.put(one, "seconds", stage.seconds());
    }
    return json;
  }

  /** Returns the figures as rows, one for each stage. */
  @Override
  public final Table table() {
    Table.Builder table = Table.keys("hops").figures("steps", "stage_steps", "seconds");
    for (Stage stage : stages()) {
      table.row(
          ImmutableList.of(stage.hops()),
          (double) stage.steps(),
          (double) stage.stageSteps(),
          stage.seconds());
    }
    return table.build();
  }

  @Value.Check
  void check() {
    for (int index = 1; index < stages().size(); index++) {
      checkArgument(
          stages().get(index - 1).hops() < stages().get(index).hops()
              && stages().get(index - 1).steps() <= stages().get(index).steps(),
          "stages must come with more hops and steps, but are %s",
          stages());
    }
  }
}
