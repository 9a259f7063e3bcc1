package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * The epochs of a composition training (paper §3). By default an epoch is a pass over all facts,
 * each drawn as often as any other, as in the paper. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Epochs {
  Epochs() {}

  /**
   * Returns a number of passes over all facts.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public static Epochs of(int count) {
    return ImmutableEpochs.builder().count(count).build();
  }

  /**
   * Returns these epochs, the first of them on the atomic facts alone. Small models that see
   * compositions before they know the facts may never find the rule.
   *
   * @throws IllegalArgumentException unless it is at least 0 and at most the number of epochs
   */
  public final Epochs atomicFirst(int epochs) {
    return ImmutableEpochs.builder().from(this).atomicFirst(epochs).build();
  }

  /**
   * Returns these epochs with a fixed share of atomic facts, in (0, 1), in every batch.
   *
   * @throws IllegalArgumentException if the share is not in (0, 1)
   */
  public final Epochs atomicShare(double share) {
    return ImmutableEpochs.builder().from(this).atomicShare(share).build();
  }

  /**
   * Returns these epochs with a number of updates each.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public final Epochs steps(int steps) {
    return ImmutableEpochs.builder().from(this).steps(steps).build();
  }

  /**
   * Returns these epochs, in the last of which the learning rate falls linearly to a share of
   * itself.
   *
   * @throws IllegalArgumentException unless the epochs are at least 0 and at most all, and the
   *     share is in [0, 1]
   */
  public final Epochs cooldown(int epochs, double finalRateShare) {
    return ImmutableEpochs.builder()
        .from(this)
        .cooldownEpochs(epochs)
        .cooldownFinalRate(finalRateShare)
        .build();
  }

  /**
   * Returns these epochs, which keep the checkpoint of the first after which facts of a type are
   * answered with some accuracy, such as each of the paper's stages: memorization, generalization
   * in distribution, and out of it. Below the trainer's folder it is {@code
   * r{R}_l{L}/checkpoint_epoch_{n}}, and the provenance of later checkpoints names n; without a
   * folder the provenance alone tells.
   *
   * @param type of test facts, such as {@link
   *     io.github.recurrent.dataset.CompositionDataset#TEST_INFERRED_OOD}
   * @throws IllegalArgumentException unless the accuracy is in (0, 1], and new for the type
   */
  public final Epochs keep(String type, double accuracy) {
    checkArgument(
        !keep().containsKey(type),
        "the checkpoint at %s of %s is kept already",
        keep().get(type),
        type);
    return ImmutableEpochs.builder().from(this).putKeep(type, accuracy).build();
  }

  /** Returns the number of epochs, those on atomic facts alone included. */
  public abstract int count();

  /** Returns the number of epochs on atomic facts alone. */
  @Value.Default
  public int atomicFirst() {
    return 0;
  }

  /** Returns the share of atomic facts in every batch, if it is fixed. */
  public abstract OptionalDouble atomicShare();

  /** Returns the number of updates of an epoch, if it is fixed. */
  public abstract OptionalInt steps();

  /** Returns the number of last epochs in which the learning rate falls. */
  @Value.Default
  public int cooldownEpochs() {
    return 0;
  }

  /** Returns the share of the learning rate that is left at the end. */
  @Value.Default
  public double cooldownFinalRate() {
    return 1;
  }

  /** Returns the accuracies, by type of test facts, whose first checkpoint is kept. */
  public abstract ImmutableMap<String, Double> keep();

  /** Returns the factor on the learning rate after a share, in [0, 1], of an epoch from 1. */
  final double rate(int epoch, double done) {
    double cooled = epoch - 1 + done - (count() - cooldownEpochs());
    return cooled <= 0 ? 1 : 1 - (1 - cooldownFinalRate()) * cooled / cooldownEpochs();
  }

  @Value.Check
  void check() {
    checkArgument(count() >= 1, "epochs must be at least 1, but are %s", count());
    checkArgument(
        atomicFirst() >= 0 && atomicFirst() <= count(),
        "atomicFirst must be at least 0 and at most the %s epochs, but is %s",
        count(),
        atomicFirst());
    atomicShare()
        .ifPresent(
            share ->
                checkArgument(
                    share > 0 && share < 1, "atomicShare must be in (0, 1), but is %s", share));
    steps()
        .ifPresent(
            steps -> checkArgument(steps >= 1, "steps must be at least 1, but are %s", steps));
    keep()
        .forEach(
            (type, accuracy) ->
                checkArgument(
                    accuracy > 0 && accuracy <= 1,
                    "the accuracy to keep %s at must be in (0, 1], but is %s",
                    type,
                    accuracy));
    checkArgument(
        cooldownEpochs() >= 0 && cooldownEpochs() <= count(),
        "cooldown must be at least 0 and at most the %s epochs, but is %s",
        count(),
        cooldownEpochs());
    checkArgument(
        cooldownFinalRate() >= 0 && cooldownFinalRate() <= 1,
        "the final rate's share must be in [0, 1], but is %s",
        cooldownFinalRate());
  }
}
