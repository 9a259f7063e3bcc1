package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Trajectory;
import io.github.recurrent.tf.internal.graph.PackedBatch;
import io.github.recurrent.tf.internal.graph.Targets;
import io.github.recurrent.tf.internal.graph.TrainedFunction;
import io.github.recurrent.tf.internal.graph.TrainingGraph;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What curricula and plain epochs have in common: updates, accuracies and checkpoints. */
final class TrainingRun implements AutoCloseable {
  static final String LATEST = "latest";
  private static final int EVALUATION_ROWS = 512;

  private static final Logger LOG = System.getLogger(Trainer.class.getName());

  private final TrainingPlan plan;
  private final Vocabulary vocabulary;
  private final ImmutableMap<String, String> configuration;
  private final IntFunction<ImmutableMap<String, String>> results;
  private final TrainingGraph graph;
  private final Seed seed;
  private final TrainingThread thread = new TrainingThread();
  private final Listeners listeners;
  private final ShutdownHook hook;
  private final long begin = System.nanoTime();
  private long step;
  private long optimizerStep;
  private double lastLearningRate;
  private @Nullable Path lastCheckpoint;
  private @Nullable ResumePoint point;
  private boolean latestIsWritten;
  private boolean complete;
  private boolean closing;

  /**
   * @param function what is computed
   * @param results what the provenance says of the training so far, by the stage it is in
   */
  TrainingRun(
      TrainingPlan plan,
      TrainedFunction function,
      Vocabulary vocabulary,
      ImmutableMap<String, String> configuration,
      IntFunction<ImmutableMap<String, String>> results) {
    this.plan = plan;
    this.vocabulary = vocabulary;
    this.configuration = configuration;
    this.results = results;
    seed = Seed.of(plan.seed());
    Optional<TrainingState> resumed = plan.start().flatMap(Checkpoint::trainingState);
    step = resumed.map(TrainingState::step).orElse(0L);
    optimizerStep = resumed.map(TrainingState::optimizerStep).orElse(0L);
    listeners = new Listeners(plan.listeners(), thread);
    hook = new ShutdownHook(thread, plan.cancellation(), this::endInPlace);
    try {
      graph = graph(plan, function, seed, resumed);
    } catch (RuntimeException | Error e) {
      thread.end();
      hook.close();
      throw e;
    }
  }

  private static TrainingGraph graph(
      TrainingPlan plan, TrainedFunction function, Seed seed, Optional<TrainingState> resumed) {
    Parameters initial =
        plan.start()
            .map(Checkpoint::parameters)
            .orElseGet(() -> Parameters.initialize(plan.model(), seed.child("parameters")));
    TrainingGraph graph = new TrainingGraph(function, plan.execution()::open, initial);
    try {
      resumed.ifPresent(state -> graph.setMoments(state.firstMoments(), state.secondMoments()));
      return graph;
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** Tells the listeners that the training begins, or goes on, at a point. */
  void begin(ResumePoint start) {
    moveTo(start);
    ImmutableMap<String, String> told =
        ImmutableMap.<String, String>builder()
            .putAll(configuration)
            .putAll(
                plan.part()
                    .map(part -> ImmutableMap.of(TrainingListener.PART, part))
                    .orElse(ImmutableMap.of()))
            .buildOrThrow();
    tell(listener -> listener.started(told));
  }

  Seed seed() {
    return seed;
  }

  long step() {
    return step;
  }

  /** Says what is done now: from here the training goes on if it is stopped. */
  void moveTo(ResumePoint done) {
    point = done;
    latestIsWritten = false;
  }

  /**
   * Tells every listener.
   *
   * @throws Error if a listener has met one after which the virtual machine cannot be trusted to go
   *     on; the latest checkpoint is written before, if it can be
   */
  void tell(Consumer<TrainingListener> event) {
    Error fatal = listeners.tell(event);
    if (fatal == null) {
      return;
    }
    try {
      writeLatest();
    } catch (IOException | RuntimeException | Error e) {
      if (e != fatal) {
        fatal.addSuppressed(e);
      }
    }
    throw fatal;
  }

  void freshOptimizer() {
    graph.resetOptimizer();
    optimizerStep = 0;
  }

  /**
   * Makes updates.
   *
   * @param begin the number of updates of this place that were made before
   * @param until the number of updates of this place after which it returns
   * @param end the number of updates of this place
   * @param rate the factor on the optimizer's learning rate, by the index of the update
   * @param cooledBefore the number of updates of a cooldown that come before those of this place;
   *     nothing if these are not of a cooldown
   * @throws TrainingDivergedException if the loss is not a number
   * @throws CancellationException if this thread was interrupted, or the training cancelled
   */
  void updates(
      BatchSource batches,
      Place place,
      int begin,
      int until,
      int end,
      LongToDoubleFunction rate,
      OptionalLong cooledBefore)
      throws IOException {
    for (int index = begin; index < until; index++) {
      stopIfAsked();
      double optimizerRate =
          cooledBefore.isPresent()
              ? plan.optimizer().cooledRateAt(optimizerStep, cooledBefore.getAsLong() + index)
              : plan.optimizer().learningRateAt(optimizerStep);
      update(batches.next(), place, index, end, optimizerRate * rate.applyAsDouble(index));
      if (plan.checkpointSteps().isPresent() && step % plan.checkpointSteps().getAsInt() == 0) {
        writeLatest();
      }
    }
    stopIfAsked();
  }

  /**
   * Ends the training here if it is to be stopped; the latest checkpoint is written before.
   *
   * @throws CancellationException if this thread was interrupted, or the training cancelled
   */
  private void stopIfAsked() throws IOException {
    hook.pauseAtShutdown();
    boolean cancelled = plan.cancellation().filter(Cancellation::isCancelled).isPresent();
    if (!cancelled && !thread.isInterrupted()) {
      return;
    }
    writeLatest();
    throw new CancellationException(
        "training was "
            + (cancelled ? "cancelled" : "interrupted")
            + " after step "
            + step
            + plan.checkpoints()
                .map(folder -> "; its checkpoint is in " + folder.resolve(LATEST))
                .orElse("; it had no folder for a checkpoint"));
  }

  private void update(BatchBuilder batch, Place place, int index, int end, double learningRate) {
    int iterations = plan.recurrence(place.trainedStage()).sample(seed.child("recurrence", step));
    float loss =
        graph.step(
            pack(batch.queries()),
            plan.allAnswers() ? batch.allAnswers() : Targets.of(batch.answers()),
            iterations,
            learningRate,
            optimizerStep + 1,
            seed.child("dropout", step));
    step++;
    optimizerStep++;
    lastLearningRate = learningRate;
    if (!Float.isFinite(loss)) {
      throw diverged("the loss is " + loss);
    }
    moveTo(ResumePoint.updates(place, index + 1));
    TrainingListener.Step made =
        new TrainingListener.Step(
            step,
            place.stage(),
            place.epoch(),
            index + 1,
            end,
            loss,
            learningRate,
            iterations,
            batch.queries().size());
    tell(listener -> listener.stepped(made));
  }

  private TrainingDivergedException diverged(String what) {
    return new TrainingDivergedException(
        what,
        step,
        lastLearningRate,
        Optional.ofNullable(lastCheckpoint).map(folder -> "in " + folder).or(plan::lastGood));
  }

  /** Rows share tokens unless each is to drop values of its own. */
  private PackedBatch pack(List<int[]> queries) {
    return plan.dropout().sharedByPrefix() || plan.dropout().equals(Dropout.none())
        ? PackedBatch.sharing(plan.model(), queries)
        : PackedBatch.of(plan.model(), queries);
  }

  /**
   * Returns the share of facts answered rightly after a number of iterations, or where they halt
   * until then if the curriculum says so.
   *
   * @param iterations the most of a recurrence of the training
   * @throws CancellationException as {@link #updates} does
   */
  double accuracy(Facts facts, int iterations) throws IOException {
    return accuracy(facts, iterations, facts.size());
  }

  /**
   * Returns the share of at most so many facts, spread evenly over all, that are answered rightly.
   *
   * @throws CancellationException as {@link #updates} does
   */
  double accuracy(Facts facts, int iterations, int most) throws IOException {
    int asked = Math.min(facts.size(), most);
    Optional<Halting> halting =
        plan.curriculum().isJudgedWhereTheyHalt()
            ? Optional.of(Halting.lengthScaled(facts.hops() + 1).atMost(iterations))
            : Optional.empty();
    int right = 0;
    for (int from = 0; from < asked; from += EVALUATION_ROWS) {
      stopIfAsked();
      int rows = Math.min(asked - from, EVALUATION_ROWS);
      int[] rowFacts = new int[rows];
      BatchBuilder batch = new BatchBuilder();
      for (int row = 0; row < rows; row++) {
        rowFacts[row] = (int) ((long) (from + row) * facts.size() / asked);
        batch.add(facts, rowFacts[row], facts.answerId(rowFacts[row]));
      }
      Trajectory trajectory =
          graph.trajectory(PackedBatch.sharing(plan.model(), batch.queries()), iterations);
      for (int row = 0; row < rows; row++) {
        int index = row;
        int read = halting.map(rule -> trajectory.haltingIteration(index, rule)).orElse(1);
        if (trajectory.isRight(read, row, facts, rowFacts[row])) {
          right++;
        }
      }
    }
    return (double) right / asked;
  }

  private Checkpoint checkpoint() {
    ResumePoint done = Objects.requireNonNull(point);
    Parameters parameters = graph.parameters();
    Parameters firstMoments = graph.firstMoments();
    Parameters secondMoments = graph.secondMoments();
    requireFinite("a weight", parameters);
    requireFinite("the first moment of a weight", firstMoments);
    requireFinite("the second moment of a weight", secondMoments);
    return Checkpoint.builder()
        .model(plan.model())
        .vocabulary(vocabulary)
        .parameters(parameters)
        .provenance(
            ImmutableMap.<String, String>builder()
                .putAll(configuration)
                .put("steps", Long.toString(step))
                .putAll(results.apply(done.stage()))
                .buildOrThrow())
        .trainingState(
            TrainingState.builder()
                .step(step)
                .optimizerStep(optimizerStep)
                .epoch(done.epochs())
                .epochStep(done.cooldown() ? 0 : done.updates())
                .cooldownStep(done.cooldown() ? done.updates() : 0)
                .stage(done.stage())
                .seed(plan.seed())
                .firstMoments(firstMoments)
                .secondMoments(secondMoments)
                .build())
        .build();
  }

  /** The loss of a step comes from the weights before it, so that it may look well too long. */
  private void requireFinite(String what, Parameters parameters) {
    for (String name : parameters.shapes().keySet()) {
      FloatBuffer values = parameters.values(name);
      while (values.hasRemaining()) {
        float value = values.get();
        if (!Float.isFinite(value)) {
          throw diverged(what + " of " + name + " is " + value);
        }
      }
    }
  }

  /** Writes a checkpoint of now into a folder below that of the plan, if it has one. */
  void write(String folder) throws IOException {
    if (plan.checkpoints().isPresent()) {
      write(folder, checkpoint());
    }
  }

  /** Writes the latest checkpoint, unless it is of now already. */
  void writeLatest() throws IOException {
    if (!latestIsWritten) {
      write(LATEST);
    }
  }

  private void write(String folder, Checkpoint checkpoint) throws IOException {
    if (plan.checkpoints().isPresent()) {
      Path path = plan.checkpoints().get().resolve(folder);
      UninterruptedWrite.run(() -> checkpoint.write(path));
      latestIsWritten |= folder.equals(LATEST);
      lastCheckpoint = path;
      tell(listener -> listener.checkpointWritten(path, step));
    }
  }

  /**
   * Writes the model at the end, and returns it.
   *
   * @throws CancellationException as {@link #updates} does
   */
  Checkpoint complete() throws IOException {
    Checkpoint trained = checkpoint();
    if (!latestIsWritten) {
      write(LATEST, trained);
    }
    stopIfAsked();
    complete = true;
    return trained;
  }

  /**
   * Ends the training on another thread, as {@link #stopIfAsked} and {@link #close} would, while a
   * listener keeps its own and the virtual machine ends.
   */
  private void endInPlace() {
    try {
      listeners.tellTheOthers();
      if (!closing) {
        writeLatest();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.log(Level.WARNING, "a training has ended without its last checkpoint", e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    if (thread.hasEnded()) {
      thread.restoreInterrupt();
      return;
    }
    try {
      if (!closing) {
        closing = true;
        finish();
      }
    } finally {
      thread.end();
      hook.close();
      thread.restoreInterrupt();
    }
  }

  private void finish() {
    Error fatal;
    try {
      graph.close();
    } finally {
      fatal = tellFinished();
    }
    if (fatal != null) {
      throw fatal;
    }
  }

  private @Nullable Error tellFinished() {
    if (point == null) {
      return null;
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - begin);
    return listeners.tell(listener -> listener.finished(step, duration, complete));
  }
}
