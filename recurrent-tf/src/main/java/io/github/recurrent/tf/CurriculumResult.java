package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How far a training by a {@link Curriculum} came, as the provenance of its checkpoint says.
 *
 * @param learnableDepth the greatest stage that has passed, at least 0: the model's <em>learnable
 *     recursion depth</em>
 * @param failedStage the stage that had all its epochs without the accuracy it needs, if one did
 * @param accuracy the accuracy of the failed stage at its end, in [0, 1]
 * @param needed the accuracy that the failed stage needs more than, in (0, 1)
 */
public record CurriculumResult(
    int learnableDepth, OptionalInt failedStage, OptionalDouble accuracy, OptionalDouble needed) {
  private static final String LEARNABLE_DEPTH = "learnable recursion depth";
  private static final String FAILED_STAGE = "failed stage";
  private static final String ACCURACY = "accuracy of the failed stage";
  private static final String NEEDED = "accuracy needed";

  /**
   * Returns how far the training of a checkpoint came.
   *
   * @throws IllegalArgumentException if it was not trained by a curriculum
   */
  public static CurriculumResult of(Checkpoint checkpoint) {
    ImmutableMap<String, String> provenance = checkpoint.provenance();
    String depth = provenance.get(LEARNABLE_DEPTH);
    checkArgument(
        depth != null,
        "the checkpoint was not trained by a curriculum: its provenance has no \"%s\", but %s",
        LEARNABLE_DEPTH,
        provenance.keySet());
    String failed = provenance.get(FAILED_STAGE);
    return new CurriculumResult(
        Integer.parseInt(depth),
        failed == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(failed)),
        number(provenance.get(ACCURACY)),
        number(provenance.get(NEEDED)));
  }

  private static OptionalDouble number(@Nullable String text) {
    return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
  }

  static ImmutableMap<String, String> provenance(int depth, Map<String, String> failure) {
    return ImmutableMap.<String, String>builder()
        .put(LEARNABLE_DEPTH, Integer.toString(depth))
        .putAll(failure)
        .buildOrThrow();
  }

  /** Notes a failure for the provenance. */
  static void note(TrainingListener.StageFailure failure, Map<String, String> provenance) {
    provenance.put(FAILED_STAGE, Integer.toString(failure.stage()));
    provenance.put(ACCURACY, Double.toString(failure.accuracy()));
    provenance.put(NEEDED, Double.toString(failure.needed()));
  }
}
