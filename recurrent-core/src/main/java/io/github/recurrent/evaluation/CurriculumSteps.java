package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.evaluation.Report.Table;
import io.github.recurrent.internal.folder.CompleteFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many updates a curriculum needed to learn each number of hops (paper, figure 6). Immutable
 * and thread-safe.
 *
 * @param setup where the figures are from; its provenance is that of the training
 * @param stages the stages, least hops first
 */
public record CurriculumSteps(Setup setup, ImmutableList<Stage> stages) implements Report {
  private static final String STAGE_FOLDER = "stage_";

  /**
   * Checks the stages.
   *
   * @throws IllegalArgumentException if one does not have more hops, or fewer steps, than that
   *     before
   */
  public CurriculumSteps {
    for (int index = 1; index < stages.size(); index++) {
      checkArgument(
          stages.get(index - 1).hops() < stages.get(index).hops()
              && stages.get(index - 1).steps() <= stages.get(index).steps(),
          "stages must come with more hops and steps, but are %s",
          stages);
    }
  }

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
        Setup.ofTraining("checkpoints of " + stages.size() + " stages", provenance),
        passed.build(),
        folder);
  }

  private static CurriculumSteps of(Setup setup, ImmutableList<Stage> stages, Path from) {
    checkArgument(!stages.isEmpty(), "%s tells of no stage that was passed", from);
    return new CurriculumSteps(setup, stages);
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

  /** Returns the greatest number of hops that was learned. */
  public int learnableDepth() {
    return stages.get(stages.size() - 1).hops();
  }

  /**
   * Returns the number of updates, since training began, until a number of hops was learned.
   *
   * @throws IllegalArgumentException if it was not
   */
  public long steps(int hops) {
    return stages.stream()
        .filter(stage -> stage.hops() == hops)
        .mapToLong(Stage::steps)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    hops
                        + " hops were not learned, only "
                        + stages.stream().map(Stage::hops).toList()));
  }

  /** Returns the figures as rows, one for each stage. */
  @Override
  public Table table() {
    return RecordTable.of(stages, Stage.class, "hops");
  }
}
