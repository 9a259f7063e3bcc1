package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.model.Recurrence;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.immutables.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * Training by stages of growing depth (paper §4): stage k trains on the atomic facts and all facts
 * of at most k hops, and ends once held-out facts of k hops are answered.
 *
 * <p>The accuracy is taken at the end of every epoch. A stage that never passes ends the training,
 * unless the curriculum is to go on; the greatest stage before the first that failed is the model's
 * <em>learnable recursion depth</em>. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Curriculum {
  Curriculum() {}

  /**
   * Returns the paper's curriculum: from the least to the greatest number of hops of the data, each
   * until more than 0.95 of the held-out facts are answered, with a fresh optimizer for each stage.
   */
  public static Curriculum byHops() {
    return ImmutableCurriculum.builder().build();
  }

  /** Returns this curriculum with stages that end above an accuracy in (0, 1). */
  public final Curriculum untilAccuracy(double accuracy) {
    return ImmutableCurriculum.builder().from(this).untilAccuracy(accuracy).build();
  }

  /** Returns this curriculum ending with the stage of a number of hops. */
  public final Curriculum upTo(int hops) {
    return ImmutableCurriculum.builder().from(this).upTo(hops).build();
  }

  /**
   * Returns this curriculum with a first stage on the atomic facts alone, which ends once these are
   * known. Small models that see compositions before they know the facts may never find the rule.
   */
  public final Curriculum atomicFirst() {
    return ImmutableCurriculum.builder().from(this).isAtomicFirst(true).build();
  }

  /**
   * Returns this curriculum with a fixed share of atomic facts, in (0, 1), in every batch; without
   * it they are drawn as often as every other fact.
   */
  public final Curriculum atomicShare(double share) {
    return ImmutableCurriculum.builder().from(this).atomicShare(share).build();
  }

  /**
   * Returns this curriculum with epochs of a number of updates; without it an epoch is a pass over
   * the stage's facts.
   */
  public final Curriculum stepsPerEpoch(int steps) {
    return ImmutableCurriculum.builder().from(this).stepsPerEpoch(steps).build();
  }

  /** Returns this curriculum with a greatest number of epochs for each stage; 1,000 by default. */
  public final Curriculum epochsPerStage(int epochs) {
    return ImmutableCurriculum.builder().from(this).epochsPerStage(epochs).build();
  }

  /**
   * Returns this curriculum going on to the next stage, or to the cooldown, after one that had all
   * its epochs without passing. For data of which nobody knows how much can be answered.
   */
  public final Curriculum goOnAfterFailure() {
    return ImmutableCurriculum.builder().from(this).goesOnAfterFailure(true).build();
  }

  /** Returns this curriculum with one optimizer, and one warm-up, throughout. */
  public final Curriculum keepOptimizer() {
    return ImmutableCurriculum.builder().from(this).keepsOptimizer(true).build();
  }

  /**
   * Returns this curriculum followed by some more updates on the last stage, once it has passed,
   * while the learning rate falls linearly to a share of itself: of that of the last update before,
   * if the optimizer's warm-up is not over by then.
   */
  public final Curriculum cooldown(int steps, double finalRateShare) {
    return ImmutableCurriculum.builder()
        .from(this)
        .cooldownSteps(steps)
        .cooldownFinalRate(finalRateShare)
        .build();
  }

  /**
   * Returns this curriculum with a learning rate that falls from stage to stage; the published
   * scripts' option has a factor of 0.9 and a least share of 0.2.
   *
   * @param factor on the rate of the stage before, in (0, 1]
   * @param leastShare of the first stage's rate, in (0, 1], below which it never falls
   */
  public final Curriculum rateDecay(double factor, double leastShare) {
    return ImmutableCurriculum.builder()
        .from(this)
        .stageRateFactor(factor)
        .leastStageRate(leastShare)
        .build();
  }

  /**
   * Returns this curriculum with a stage that lasts at least a number of epochs, however accurate
   * it is; the published scripts' option has 1,000 epochs of stage 2.
   */
  public final Curriculum forcedEpochs(int stage, int epochs) {
    return ImmutableCurriculum.builder().from(this).putForcedEpochs(stage, epochs).build();
  }

  /**
   * Returns this curriculum with a recurrence of its own for each of some stages, instead of the
   * model's. What two hops need is learned sooner in few iterations; only deep stages need many. A
   * stage is also judged by it, after its most iterations, and the cooldown keeps that of the last
   * stage. Of two choices for one stage the later holds.
   *
   * <p>The model's recurrence stays what is written with the model. A training refuses one with
   * more iterations than the model's most, and one for a stage that never comes.
   *
   * @param firstStage the first of these stages, in hops, at least 1
   * @param lastStage the last of them, at least the first
   * @throws IllegalArgumentException unless {@code 1 <= firstStage <= lastStage}
   */
  public final Curriculum recurrence(int firstStage, int lastStage, Recurrence recurrence) {
    checkArgument(
        1 <= firstStage && firstStage <= lastStage,
        "a recurrence must be for stages from at least 1, in ascending order, but is for %s to %s",
        firstStage,
        lastStage);
    Map<Integer, Recurrence> byStage =
        new TreeMap<>(stageRecurrences().orElse(ImmutableSortedMap.of()));
    for (int stage = firstStage; stage <= lastStage; stage++) {
      byStage.put(stage, recurrence);
    }
    return ImmutableCurriculum.builder()
        .from(this)
        .stageRecurrences(ImmutableSortedMap.copyOf(byStage))
        .build();
  }

  /**
   * Returns this curriculum with models judged as the published scripts judge them, by the answers
   * at which they halt under {@link io.github.recurrent.reasoning.Halting#lengthScaled}; without it
   * all rows are given the most iterations of the stage.
   */
  public final Curriculum judgedWhereTheyHalt() {
    return ImmutableCurriculum.builder().from(this).isJudgedWhereTheyHalt(true).build();
  }

  /** Returns the accuracy above which a stage ends. */
  @Value.Default
  public double untilAccuracy() {
    return 0.95;
  }

  /** Returns the hops of the last stage, if not the data's greatest. */
  public abstract OptionalInt upTo();

  /** Returns whether there is a first stage on atomic facts alone. */
  @Value.Default
  public boolean isAtomicFirst() {
    return false;
  }

  /** Returns the share of atomic facts in every batch, if it is fixed. */
  public abstract OptionalDouble atomicShare();

  /** Returns the number of updates of an epoch, if it is fixed. */
  public abstract OptionalInt stepsPerEpoch();

  /** Returns the number of epochs after which a stage has failed. */
  @Value.Default
  public int epochsPerStage() {
    return 1000;
  }

  /** Returns whether accuracy is that of the answers at which rows halt. */
  @Value.Default
  public boolean isJudgedWhereTheyHalt() {
    return false;
  }

  /** Returns the factor on the learning rate from one stage to the next. */
  @Value.Default
  public double stageRateFactor() {
    return 1;
  }

  /** Returns the least share of the first stage's learning rate. */
  @Value.Default
  public double leastStageRate() {
    return 1;
  }

  /** Returns the least number of epochs of those stages that have one. */
  public abstract ImmutableMap<Integer, Integer> forcedEpochs();

  /**
   * Returns the recurrences of those stages that do not have the model's. Nothing rather than an
   * empty map, as the string form of a curriculum omits what is not there: it is written with
   * checkpoints.
   */
  abstract Optional<ImmutableSortedMap<Integer, Recurrence>> stageRecurrences();

  /** Returns the recurrence of a stage, if it does not have the model's. */
  public final Optional<Recurrence> recurrence(int stage) {
    return stageRecurrences().map(byStage -> byStage.get(stage));
  }

  /** Returns the factor on the learning rate of a stage that so many stages came before. */
  final double stageRate(int stagesBefore) {
    return Math.max(leastStageRate(), Math.pow(stageRateFactor(), stagesBefore));
  }

  /** Returns whether a stage that fails does not end the training. */
  @Value.Default
  public boolean goesOnAfterFailure() {
    return false;
  }

  /** Returns whether stages share one optimizer. */
  @Value.Default
  public boolean keepsOptimizer() {
    return false;
  }

  /** Returns the number of updates after the last stage. */
  @Value.Default
  public int cooldownSteps() {
    return 0;
  }

  /** Returns the share of the learning rate that is left at the end of the cooldown. */
  @Value.Default
  public double cooldownFinalRate() {
    return 1;
  }

  @Value.Check
  void check() {
    checkArgument(
        untilAccuracy() > 0 && untilAccuracy() < 1,
        "untilAccuracy must be in (0, 1), but is %s",
        untilAccuracy());
    upTo()
        .ifPresent(
            hops -> checkArgument(hops >= 1, "the last stage must be at least 1, but is %s", hops));
    atomicShare()
        .ifPresent(
            share ->
                checkArgument(
                    share > 0 && share < 1, "atomicShare must be in (0, 1), but is %s", share));
    stepsPerEpoch()
        .ifPresent(
            steps ->
                checkArgument(steps >= 1, "stepsPerEpoch must be at least 1, but is %s", steps));
    checkArgument(
        epochsPerStage() >= 1, "epochsPerStage must be at least 1, but is %s", epochsPerStage());
    checkArgument(
        stageRateFactor() > 0 && stageRateFactor() <= 1,
        "the factor of the rate's decay must be in (0, 1], but is %s",
        stageRateFactor());
    checkArgument(
        leastStageRate() > 0 && leastStageRate() <= 1,
        "the least share of the rate must be in (0, 1], but is %s",
        leastStageRate());
    forcedEpochs()
        .forEach(
            (stage, epochs) ->
                checkArgument(
                    epochs >= 1 && epochs <= epochsPerStage(),
                    "stage %s must be forced to at least 1 and at most the %s epochs of a stage,"
                        + " but is to %s",
                    stage,
                    epochsPerStage(),
                    epochs));
    checkArgument(
        cooldownSteps() >= 0, "cooldown steps must be at least 0, but are %s", cooldownSteps());
    checkArgument(
        cooldownFinalRate() >= 0 && cooldownFinalRate() <= 1,
        "the final rate's share must be in [0, 1], but is %s",
        cooldownFinalRate());
  }

  /**
   * How far a training by a {@link Curriculum} came, as the provenance of its checkpoint says.
   *
   * @param learnableDepth the greatest stage that has passed, and all before it, at least 0: the
   *     model's <em>learnable recursion depth</em>
   * @param failedStage the first stage that had all its epochs without the accuracy it needs, if
   *     one did
   * @param accuracy the accuracy of the failed stage at its end, in [0, 1]
   * @param needed the accuracy that the failed stage needs more than, in (0, 1)
   */
  public record Result(
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
    public static Result of(Checkpoint checkpoint) {
      ImmutableMap<String, String> provenance = checkpoint.provenance();
      String depth = provenance.get(LEARNABLE_DEPTH);
      checkArgument(
          depth != null,
          "the checkpoint was not trained by a curriculum: its provenance has no \"%s\", but %s",
          LEARNABLE_DEPTH,
          provenance.keySet());
      String failed = provenance.get(FAILED_STAGE);
      return new Result(
          Integer.parseInt(depth),
          failed == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(failed)),
          number(provenance.get(ACCURACY)),
          number(provenance.get(NEEDED)));
    }

    private static OptionalDouble number(@Nullable String text) {
      return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
    }

    /**
     * @param passed the greatest stage that is behind the training
     */
    static ImmutableMap<String, String> provenance(int passed, Map<String, String> failure) {
      String failed = failure.get(FAILED_STAGE);
      int depth = failed == null ? passed : Math.min(passed, Integer.parseInt(failed) - 1);
      return ImmutableMap.<String, String>builder()
          .put(LEARNABLE_DEPTH, Integer.toString(depth))
          .putAll(failure)
          .buildOrThrow();
    }

    /** Returns the failure that a checkpoint's provenance has of a stage before another. */
    static ImmutableMap<String, String> failureBefore(int stage, Checkpoint checkpoint) {
      ImmutableMap<String, String> provenance = checkpoint.provenance();
      String failed = provenance.get(FAILED_STAGE);
      return failed == null || Integer.parseInt(failed) >= stage
          ? ImmutableMap.of()
          : ImmutableMap.copyOf(
              Maps.filterKeys(
                  provenance, ImmutableSet.of(FAILED_STAGE, ACCURACY, NEEDED)::contains));
    }

    /** Notes a failure for the provenance; the first one stays. */
    static void note(TrainingListener.StageFailure failure, Map<String, String> provenance) {
      if (provenance.containsKey(FAILED_STAGE)) {
        return;
      }
      provenance.put(FAILED_STAGE, Integer.toString(failure.stage()));
      provenance.put(ACCURACY, Double.toString(failure.accuracy()));
      provenance.put(NEEDED, Double.toString(failure.needed()));
    }
  }
}
