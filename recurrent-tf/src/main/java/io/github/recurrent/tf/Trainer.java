package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.evaluation.Bands.Spread;
import io.github.recurrent.internal.version.LibraryVersion;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.tf.TrainingListener.Evaluation;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Trains recurrent-depth transformers.
 *
 * <p>Every method but the last returns a trainer with one choice changed; what is not chosen is as
 * in the paper's depth extrapolation, except for the precision: 32-bit floats, which give the same
 * weights wherever they are as fast as bf16 or faster, on most CPUs. A choice that would have no
 * effect on a training is refused when that begins. Equal choices, seeds and data give the same
 * model on the same machine. Immutable and thread-safe.
 *
 * <p>The log says in one line on which device, in which precision and with how many threads a
 * training computes. TensorFlow's native libraries are silent except for errors (with those for
 * GPUs, also warnings); the system property {@code recurrent.tensorflow.log}, set to {@code info},
 * {@code warning} or {@code error} before the first use, shows their lines on the standard error
 * stream.
 */
public final class Trainer {
  private static final Logger LOG = System.getLogger(Trainer.class.getName());
  private static final AtomicReference<String> ANNOUNCED = new AtomicReference<>("");

  private final ImmutableTrainingPlan plan;

  private Trainer(TrainingPlan plan) {
    this.plan = ImmutableTrainingPlan.copyOf(plan);
  }

  /** Returns a trainer of a model. */
  public static Trainer of(RecurrentDepthTransformer model) {
    return new Trainer(ImmutableTrainingPlan.builder().model(model).build());
  }

  /** Computes on a device; {@link Device#auto()} by default. */
  public Trainer device(Device device) {
    return new Trainer(
        plan.withExecution(
            ImmutableExecution.builder().from(plan.execution()).device(device).build()));
  }

  /**
   * Computes with a number of threads; as many as there are processors by default.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Trainer threads(int threads) {
    return new Trainer(
        plan.withExecution(
            ImmutableExecution.builder().from(plan.execution()).threads(threads).build()));
  }

  /**
   * Sets the format of the matrix products' operands; {@link Precision#FP32} by default, {@link
   * Precision#BF16} in the paper. {@link Precision#auto()} is the faster one.
   */
  public Trainer precision(Precision precision) {
    return new Trainer(plan.withPrecision(precision));
  }

  /** Sets the optimizer and its learning rates. */
  public Trainer optimizer(AdamW optimizer) {
    return new Trainer(plan.withOptimizer(optimizer));
  }

  /**
   * Sets the number of rows of a batch; 128 by default.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Trainer batch(int rows) {
    return new Trainer(plan.withBatch(rows));
  }

  /**
   * Spreads a share of the target probability over the whole vocabulary; 0 by default (the
   * published composition scripts have 0.1).
   *
   * @throws IllegalArgumentException unless it is in [0, 1)
   */
  public Trainer labelSmoothing(double share) {
    return new Trainer(plan.withLabelSmoothing(share));
  }

  /**
   * Sets whether a query that has several right answers is trained on all of them at once, equally
   * probable, in place of one that is drawn each time; one by default. All cost memory and time for
   * each answer of a batch, and fewer updates suffice: none has to wait until it is drawn.
   */
  public Trainer allAnswers(boolean all) {
    return new Trainer(plan.withAllAnswers(all));
  }

  /** Sets the dropout; none by default. */
  public Trainer dropout(Dropout dropout) {
    return new Trainer(plan.withDropout(dropout));
  }

  /** Sets the root of all random numbers; 42 by default. */
  public Trainer seed(long seed) {
    return new Trainer(plan.withChosenSeed(seed));
  }

  /**
   * Sets the stages in which multi-hop facts are learned; {@link Curriculum#byHops()} by default. A
   * training on composition facts refuses it.
   */
  public Trainer curriculum(Curriculum curriculum) {
    return new Trainer(plan.withChosenCurriculum(curriculum));
  }

  /**
   * Trains by another curriculum first, with an optimizer and dropout of its own, and goes on after
   * its last stage. Small models find the first composition soonest with dropout, and reach deepest
   * without. A training on composition facts refuses it.
   */
  public Trainer first(Curriculum curriculum, AdamW optimizer, Dropout dropout) {
    return new Trainer(plan.withPrelude(new Prelude(curriculum, optimizer, dropout)));
  }

  /**
   * Sets the number of passes over composition facts; 1 by default. A training on multi-hop facts
   * refuses it.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Trainer epochs(int epochs) {
    return epochs(Epochs.of(epochs));
  }

  /** Sets the epochs of a training on composition facts; one on multi-hop facts refuses them. */
  public Trainer epochs(Epochs epochs) {
    return new Trainer(plan.withChosenEpochs(epochs));
  }

  /**
   * Writes checkpoints below a folder: one at the end of each stage, and the latest now and then.
   * Each is complete at any moment, whatever becomes of the training.
   */
  public Trainer checkpoints(Path folder) {
    return new Trainer(plan.withCheckpoints(folder));
  }

  /**
   * Sets the number of epochs between checkpoints; 10 by default. A training without {@link
   * #checkpoints} refuses it.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Trainer checkpointEvery(int epochs) {
    return new Trainer(plan.withChosenCheckpointEpochs(epochs));
  }

  /**
   * Also writes the latest checkpoint after every so many updates, whatever the epoch. A training
   * without {@link #checkpoints} refuses it.
   *
   * @throws IllegalArgumentException if it is not at least 1
   */
  public Trainer checkpointEverySteps(int steps) {
    return new Trainer(plan.withCheckpointSteps(steps));
  }

  /** Lets the training be stopped, with a checkpoint. */
  public Trainer cancellation(Cancellation cancellation) {
    return new Trainer(plan.withCancellation(cancellation));
  }

  /**
   * Starts from the parameters of a checkpoint, and continues its training if it has the state of
   * one, as if that had not stopped: on the CPU and with the same number of threads every later
   * loss and weight is the same, bit for bit.
   *
   * <p>The checkpoint's model may differ from the trainer's in its recurrence and initialization
   * only. Its vocabulary must have the data's tokens; if they are in another order, the embeddings
   * are moved to the tokens of the same names, and the log says so. It also says with which other
   * choices a training goes on than those it began with.
   *
   * @throws IllegalArgumentException if its parameters would compute something else in the
   *     trainer's model; the message names every difference
   */
  public Trainer startFrom(Checkpoint checkpoint) {
    return new Trainer(
        plan.withStart(checkpoint)
            .withLastGood(
                "the one that the training started from"
                    + checkpoint
                        .trainingState()
                        .map(state -> ", of step " + state.step())
                        .orElse("")));
  }

  /**
   * Adds a listener. A training of several seeds refuses it, as the listener would take them for
   * one: {@link #listenerOfEachSeed} gives each its own.
   */
  public Trainer listener(TrainingListener listener) {
    return new Trainer(ImmutableTrainingPlan.builder().from(plan).addListeners(listener).build());
  }

  /**
   * Adds a listener to each training of {@link #trainSeeds}, made for its seed before the first
   * training begins; the trainings of one seed refuse it.
   */
  public Trainer listenerOfEachSeed(TrainingListener.OfSeed listeners) {
    return new Trainer(
        ImmutableTrainingPlan.builder().from(plan).addSeedListeners(listeners).build());
  }

  /**
   * Trains on multi-hop facts by the stages of the curriculum.
   *
   * @return the model at the end; {@link Curriculum.Result} says how far the curriculum came
   * @throws IllegalArgumentException if the curriculum does not fit the data, the model takes no
   *     query of its length, the checkpoint to start from has other tokens or is of a training by
   *     epochs, or a choice would have no effect
   * @throws IllegalStateException if the device is not there
   * @throws TrainingDivergedException if the loss or a weight is not a number
   * @throws java.util.concurrent.CancellationException if the training is cancelled or its thread
   *     interrupted; the latest checkpoint is written before, if there is a folder for it
   * @throws IOException if a checkpoint cannot be written
   */
  public Checkpoint train(MultiHopDataset data) throws IOException {
    return train(
        new HopFacts(
            data.toString(),
            data.vocabulary(),
            data.atomic(),
            data.minHops(),
            data.maxHops(),
            data::train,
            data::test));
  }

  /**
   * Trains on atomic and inferred facts together, by passes over all of them.
   *
   * @throws IllegalArgumentException if the model takes no query of the data's length, the
   *     checkpoint to start from has other tokens or is of a training by a curriculum, or a choice
   *     would have no effect
   * @throws IllegalStateException if the device is not there
   * @throws TrainingDivergedException if the loss or a weight is not a number
   * @throws java.util.concurrent.CancellationException if the training is cancelled or its thread
   *     interrupted; the latest checkpoint is written before, if there is a folder for it
   * @throws IOException if a checkpoint cannot be written
   */
  public Checkpoint train(CompositionDataset data) throws IOException {
    ChoiceCheck.composition(plan, data);
    announce();
    ImmutableMap<String, String> configuration =
        configuration(data.toString(), plan.epochs().toString());
    return EpochTraining.train(
        startingWith(data.vocabulary(), configuration).plan, data, configuration);
  }

  /**
   * Trains on multi-hop facts once for each seed, as {@link #train(MultiHopDataset)} does;
   * checkpoints are written below {@code seed_{n}}. Each training has listeners of its own, by
   * {@link #listenerOfEachSeed}.
   *
   * @throws IllegalArgumentException if there is no seed, or one twice, if {@link #seed} or a
   *     {@link #listener} was chosen or {@link #startFrom} given the state of a training, none of
   *     which applies, or if two seeds are given the same listener
   * @throws IOException if a checkpoint cannot be written or a listener cannot be made
   */
  public SeededTrainings trainSeeds(MultiHopDataset data, long... seeds) throws IOException {
    ChoiceCheck.seeds(plan);
    return TrainingOfSeeds.run(
        plan.seedListeners(), (seed, listeners) -> seeded(seed, listeners).train(data), seeds);
  }

  /**
   * Trains on atomic and inferred facts once for each seed, as {@link #train(CompositionDataset)}
   * does; checkpoints are written below {@code seed_{n}}. Each training has listeners of its own,
   * by {@link #listenerOfEachSeed}.
   *
   * @throws IllegalArgumentException if there is no seed, or one twice, if {@link #seed} or a
   *     {@link #listener} was chosen or {@link #startFrom} given the state of a training, none of
   *     which applies, or if two seeds are given the same listener
   * @throws IOException if a checkpoint cannot be written or a listener cannot be made
   */
  public SeededTrainings trainSeeds(CompositionDataset data, long... seeds) throws IOException {
    ChoiceCheck.seeds(plan);
    return TrainingOfSeeds.run(
        plan.seedListeners(), (seed, listeners) -> seeded(seed, listeners).train(data), seeds);
  }

  private Trainer seeded(long seed, ImmutableList<TrainingListener> listeners) {
    return new Trainer(
            plan.withCheckpoints(plan.checkpoints().map(folder -> folder.resolve("seed_" + seed)))
                .withSeedListeners()
                .withListeners(listeners))
        .seed(seed);
  }

  Checkpoint train(HopFacts facts) throws IOException {
    ChoiceCheck.multiHop(plan, facts);
    announce();
    return startingWith(facts.vocabulary(), configuration(facts)).trainStages(facts);
  }

  /** Says what is computed with, unless the training before it said the same. */
  private void announce() {
    String line = plan.execution().describe(plan.precision());
    if (!line.equals(ANNOUNCED.getAndSet(line))) {
      LOG.log(Level.INFO, line);
    }
  }

  private Checkpoint trainStages(HopFacts facts) throws IOException {
    if (plan.prelude().isPresent() && !isBeyond(plan.prelude().get(), facts)) {
      Prelude prelude = plan.prelude().get();
      Trainer before =
          new Trainer(
              plan.withPrelude(Optional.empty())
                  .withPart("1 of 2")
                  .withChosenCurriculum(prelude.curriculum())
                  .withOptimizer(prelude.optimizer())
                  .withDropout(prelude.dropout()));
      Checkpoint learned = before.trainStages(facts);
      if (Curriculum.Result.of(learned).failedStage().isPresent()
          && !prelude.curriculum().goesOnAfterFailure()) {
        return learned;
      }
      return new Trainer(
              plan.withPrelude(Optional.empty())
                  .withPart("2 of 2")
                  .withStart(learned)
                  .withLastGood(
                      plan.checkpoints().map(folder -> "in " + folder.resolve(TrainingRun.LATEST))))
          .trainStages(facts);
    }
    return CurriculumTraining.train(
        plan.prelude().isPresent() ? plan.withPart("2 of 2") : plan, facts, configuration(facts));
  }

  /** Holds the checkpoint to start from, if any, to the tokens and the kind of this training. */
  private Trainer startingWith(Vocabulary vocabulary, ImmutableMap<String, String> configuration) {
    if (plan.start().isEmpty()) {
      return this;
    }
    Checkpoint start = plan.start().get();
    StartingPoint.requireSameKind(start, configuration.getOrDefault("schedule", ""));
    StartingPoint.tellChanges(start, configuration);
    return new Trainer(plan.withStart(StartingPoint.inOrderOf(vocabulary, start)));
  }

  /** Whether the checkpoint to start from has passed the last stage of the prelude. */
  private boolean isBeyond(Prelude prelude, HopFacts facts) {
    int last = prelude.curriculum().upTo().orElse(facts.maxHops());
    return plan.start()
        .flatMap(Checkpoint::trainingState)
        .filter(state -> state.stage() > last)
        .isPresent();
  }

  private ImmutableMap<String, String> configuration(HopFacts facts) {
    return configuration(facts.description(), plan.curriculum().toString());
  }

  private ImmutableMap<String, String> configuration(String data, String schedule) {
    return ImmutableMap.<String, String>builder()
        .put("library", LibraryVersion.name())
        .put("data", data)
        .put("seed", Long.toString(plan.seed()))
        .put("schedule", schedule)
        .put("optimizer", plan.optimizer().toString())
        .put("batch", Integer.toString(plan.batch()))
        .put("label smoothing", Double.toString(plan.labelSmoothing()))
        .put("answers", plan.allAnswers() ? "all" : "one at a time")
        .put("dropout", plan.dropout().toString())
        .put("precision", plan.precision().toString())
        .put("device", plan.execution().device().toString())
        .buildOrThrow();
  }

  /** Trainings that differ in their seeds alone. Immutable and thread-safe. */
  public static final class SeededTrainings {
    private final ImmutableMap<Long, Checkpoint> checkpoints;
    private final ImmutableMap<Long, EvaluationRecord> records;

    SeededTrainings(
        ImmutableMap<Long, Checkpoint> checkpoints, ImmutableMap<Long, EvaluationRecord> records) {
      this.checkpoints = checkpoints;
      this.records = records;
    }

    /** Returns the model of each seed. */
    public ImmutableMap<Long, Checkpoint> checkpoints() {
      return checkpoints;
    }

    /**
     * Returns the evaluations of a seed's training.
     *
     * @throws IllegalArgumentException if no training had the seed
     */
    public ImmutableList<Evaluation> evaluations(long seed) {
      EvaluationRecord record = records.get(seed);
      checkArgument(record != null, "no training had seed %s, but only %s", seed, records.keySet());
      return record.evaluations();
    }

    /**
     * Returns the accuracies on facts of a type at the ends of the trainings.
     *
     * @throws IllegalArgumentException if a training was not evaluated on such facts
     */
    public Spread accuracy(String type) {
      return Spread.of(
          records.values().stream().mapToDouble(record -> record.accuracy(type)).toArray());
    }

    /** Returns the accuracies on facts of a type by step, of the trainings evaluated at it. */
    public ImmutableSortedMap<Long, Spread> curve(String type) {
      SortedMap<Long, List<Double>> accuracies = new TreeMap<>();
      for (EvaluationRecord record : records.values()) {
        for (Evaluation evaluation : record.evaluations()) {
          Double accuracy = evaluation.accuracies().get(type);
          if (accuracy != null) {
            accuracies.computeIfAbsent(evaluation.step(), step -> new ArrayList<>()).add(accuracy);
          }
        }
      }
      ImmutableSortedMap.Builder<Long, Spread> curve = ImmutableSortedMap.naturalOrder();
      accuracies.forEach(
          (step, all) ->
              curve.put(step, Spread.of(all.stream().mapToDouble(Double::doubleValue).toArray())));
      return curve.buildOrThrow();
    }
  }
}
