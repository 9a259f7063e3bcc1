package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Initialization;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.ReadPosition;
import io.github.recurrent.model.Recurrence;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The values of a known experiment: a model and how it is trained. There are the paper's two
 * experiments with its own values and with those of the published scripts where these differ, and
 * sizes that show the same on a laptop: paper and scripts are for a GPU and days, the laptop's for
 * two CPU cores and minutes.
 *
 * <p>Both can be altered before use, and everything else about a run (device, seed, listeners,
 * checkpoints) is chosen on the trainer. Immutable and thread-safe.
 */
public final class Preset {
  private final String name;
  private final Supplier<RecurrentDepthTransformer.Builder> model;
  private final Function<RecurrentDepthTransformer, Trainer> trainer;
  private final ImmutableList<String> reasons;

  private Preset(
      String name,
      Supplier<RecurrentDepthTransformer.Builder> model,
      Function<RecurrentDepthTransformer, Trainer> trainer) {
    this(name, model, trainer, ImmutableList.of());
  }

  private Preset(
      String name,
      Supplier<RecurrentDepthTransformer.Builder> model,
      Function<RecurrentDepthTransformer, Trainer> trainer,
      ImmutableList<String> reasons) {
    this.name = name;
    this.model = model;
    this.trainer = trainer;
    this.reasons = reasons;
  }

  /**
   * Depth extrapolation as in the paper (§4): d = 768, L = 4, R = clip(Poisson(4), 2, 8), a
   * curriculum by hops to 0.95, AdamW at 1e-4 with decay 0.01, 128 rows, bf16.
   */
  public static Preset paperExtrapolation() {
    return new Preset(
        "paperExtrapolation",
        RecurrentDepthTransformer::builder,
        model -> Trainer.of(model).precision(Precision.BF16));
  }

  /**
   * {@link #paperExtrapolation()} with the published scripts' dropout of 0.1, judged where rows
   * halt.
   */
  public static Preset scriptsExtrapolation() {
    return new Preset(
        "scriptsExtrapolation",
        RecurrentDepthTransformer::builder,
        model ->
            Trainer.of(model)
                .precision(Precision.BF16)
                .dropout(Dropout.extrapolation())
                .curriculum(Curriculum.byHops().judgedWhereTheyHalt()));
  }

  /**
   * Two-hop composition as in the paper (§3): d = 768, L = 4, R = 4, learned positions, AdamW at
   * 1e-4 with decay 0.01, 512 rows, 2,000 epochs, bf16.
   */
  public static Preset paperComposition() {
    return new Preset(
        "paperComposition",
        Preset::compositionModel,
        model -> Trainer.of(model).precision(Precision.BF16).batch(512).epochs(threeStages(2000)));
  }

  /**
   * {@link #paperComposition()} with the published scripts' values: projections that do not start
   * at zero, decay 0.1, 128 rows, label smoothing 0.1, dropout 0.1.
   */
  public static Preset scriptsComposition() {
    return new Preset(
        "scriptsComposition",
        () -> compositionModel().initialization(Initialization.scripts()),
        model ->
            Trainer.of(model)
                .precision(Precision.BF16)
                .batch(128)
                .epochs(threeStages(2000))
                .labelSmoothing(0.1)
                .dropout(Dropout.composition())
                .optimizer(AdamW.builder().weightDecay(0.1).build()));
  }

  private static RecurrentDepthTransformer.Builder compositionModel() {
    return RecurrentDepthTransformer.builder()
        .positions(PositionEncoding.LEARNED)
        .recurrence(Recurrence.fixed(4));
  }

  /**
   * Depth extrapolation on graphs of about 16 entities and 8 relations: d = 64, L = 1, R =
   * clip(Poisson(4), 2, 8), small embeddings. Learns the atomic facts and two hops with dropout,
   * more hops without, up to 5 hops, and cools down: a few minutes on two cores.
   */
  public static Preset laptopExtrapolation() {
    return laptopExtrapolation(5);
  }

  /**
   * {@link #laptopExtrapolation()} trained up to another number of hops.
   *
   * @throws IllegalArgumentException if it is not at least 2
   */
  public static Preset laptopExtrapolation(int hops) {
    checkArgument(hops >= 2, "hops must be at least 2, but are %s", hops);
    return new Preset(
        "laptopExtrapolation",
        Preset::laptopExtrapolationModel,
        model ->
            laptopExtrapolationTrainer(
                model, laptopCurriculum(), Dropout.extrapolation(), 2e-3, hops, 7000));
  }

  /**
   * {@link #laptopExtrapolation()} for a reach far beyond the paper's: linear biases of slopes 8
   * and 2, input injection, the answer read at the last token, where its fact is looked up, and R =
   * clip(Poisson(6), 2, 12); for the atomic facts and two hops clip(Poisson(3), 2, 5), if the model
   * has as many iterations. Dropout of 0.15 to the end keeps what a token has worked out from
   * drifting, hop after hop; rows that begin alike share it. Trained up to 5 hops, it answers 40,
   * and after 100 iterations no worse. A shorter cooldown suffices.
   */
  public static Preset laptopFarExtrapolation() {
    return laptopFarExtrapolation(5);
  }

  /**
   * {@link #laptopFarExtrapolation()} trained up to another number of hops.
   *
   * @throws IllegalArgumentException if it is not at least 3
   */
  public static Preset laptopFarExtrapolation(int hops) {
    checkArgument(hops >= 3, "hops must be at least 3, but are %s", hops);
    Dropout dropout = Dropout.builder().attention(0.15).residual(0.15).sharedByPrefix(true).build();
    return new Preset(
        "laptopFarExtrapolation",
        () ->
            laptopExtrapolationModel()
                .attentionSlopes(8, 2)
                .inputInjection(true)
                .readPosition(ReadPosition.lastToken())
                .recurrence(Recurrence.poisson(6).between(2, 12)),
        model ->
            laptopExtrapolationTrainer(model, farCurriculum(model), dropout, 4e-3, hops, 2500)
                .dropout(dropout));
  }

  private static RecurrentDepthTransformer.Builder laptopExtrapolationModel() {
    return RecurrentDepthTransformer.builder()
        .width(64)
        .layers(1)
        .heads(2)
        .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build());
  }

  private static Curriculum farCurriculum(RecurrentDepthTransformer model) {
    Recurrence near = Recurrence.poisson(3).between(2, 5);
    return near.max() <= model.recurrence().max()
        ? laptopCurriculum().recurrence(1, 2, near)
        : laptopCurriculum();
  }

  private static Curriculum laptopCurriculum() {
    return Curriculum.byHops()
        .atomicFirst()
        .untilAccuracy(0.9)
        .stepsPerEpoch(50)
        .epochsPerStage(200)
        .keepOptimizer();
  }

  private static Trainer laptopExtrapolationTrainer(
      RecurrentDepthTransformer model,
      Curriculum curriculum,
      Dropout firstDropout,
      double learningRate,
      int hops,
      int cooldownSteps) {
    return Trainer.of(model)
        .batch(256)
        .first(curriculum.upTo(2).atomicShare(0.5), laptopOptimizer(4e-3, 0.1), firstDropout)
        .optimizer(laptopOptimizer(learningRate, 0.5))
        .curriculum(curriculum.upTo(hops).atomicShare(0.3).cooldown(cooldownSteps, 0.02));
  }

  /**
   * Two-hop composition on graphs of about 30 entities and 10 permutation relations, a fifth of the
   * facts out of distribution: d = 128, L = 1, R = 4. The answer is read at the last token, so that
   * a fact is looked up where its composition needs it. Shows memorization, then generalization in
   * and out of distribution, in some minutes on two cores.
   */
  public static Preset laptopComposition() {
    return new Preset(
        "laptopComposition",
        () ->
            RecurrentDepthTransformer.builder()
                .width(128)
                .layers(1)
                .heads(4)
                .readPosition(ReadPosition.lastToken())
                .recurrence(Recurrence.fixed(4))
                .initialization(Initialization.builder().embeddingStandardDeviation(0.02).build()),
        model ->
            Trainer.of(model)
                .batch(256)
                .labelSmoothing(0.1)
                .dropout(Dropout.builder().attention(0.3).residual(0.1).build())
                .optimizer(laptopOptimizer(1e-3, 0.3))
                .epochs(
                    threeStages(70).steps(50).atomicFirst(4).atomicShare(0.5).cooldown(24, 0.02)));
  }

  /**
   * Keeps the checkpoints at which a model memorizes, and generalizes in and out of distribution.
   */
  private static Epochs threeStages(int epochs) {
    return Epochs.of(epochs)
        .keep(CompositionDataset.TRAIN_INFERRED, 0.9)
        .keep(CompositionDataset.TEST_INFERRED_IID, 0.9)
        .keep(CompositionDataset.TEST_INFERRED_OOD, 0.5);
  }

  private static AdamW laptopOptimizer(double learningRate, double weightDecay) {
    return AdamW.builder()
        .learningRate(learningRate)
        .warmupSteps(200)
        .weightDecay(weightDecay)
        .beta2(0.95)
        .clipNorm(1)
        .build();
  }

  /**
   * Depth extrapolation on a graph that is neither the paper's nor the laptop's: width, batch size
   * and the length of the training follow from the size of the data, by what trainings on real
   * graphs showed ({@link #reasons}). A stage passes as soon as it composes at all, as some facts
   * of a real graph stay out of reach; most of the work is done in the cooldown.
   */
  public static Preset fitting(MultiHopDataset data) {
    Fit fit = Fit.of(data);
    Dropout dropout = Dropout.builder().attention(0.1).residual(0.1).sharedByPrefix(true).build();
    return new Preset(
        fit.toString(),
        () ->
            laptopExtrapolationModel()
                .readPosition(ReadPosition.lastToken())
                .width(fit.width())
                .recurrence(Recurrence.poisson(fit.hops() + 2).between(2, fit.hops() + 6)),
        model ->
            Trainer.of(model)
                .batch(fit.batch())
                .allAnswers(true)
                .dropout(dropout)
                .optimizer(laptopOptimizer(fit.learningRate(), 0.1))
                .curriculum(
                    laptopCurriculum()
                        .untilAccuracy(Fit.UNTIL_ACCURACY)
                        .stepsPerEpoch(Fit.STEPS_PER_EPOCH)
                        .epochsPerStage(fit.epochsPerStage())
                        .goOnAfterFailure()
                        .atomicShare(Fit.ATOMIC_SHARE)
                        .cooldown(fit.cooldownSteps(), 0.02)),
        fit.reasons());
  }

  /**
   * Returns why the preset's values are what they are, a sentence each; nothing for those of a
   * known experiment.
   */
  public ImmutableList<String> reasons() {
    return reasons;
  }

  /** Returns a builder with the preset's values for a vocabulary. */
  public RecurrentDepthTransformer.Builder model(Vocabulary vocabulary) {
    return model.get().vocabulary(vocabulary);
  }

  /** Returns a trainer with the preset's values for a model, the preset's own or another. */
  public Trainer trainer(RecurrentDepthTransformer specification) {
    return trainer.apply(specification);
  }

  /** Returns the preset's name. */
  @Override
  public String toString() {
    return name;
  }
}
