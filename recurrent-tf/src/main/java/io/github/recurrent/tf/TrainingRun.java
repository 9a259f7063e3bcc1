package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.random.Seed;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Trajectory;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What curricula and plain epochs have in common: updates, accuracies and checkpoints. */
final class TrainingRun implements AutoCloseable {
  static final String LATEST = "latest";
  private static final int EVALUATION_ROWS = 512;

  private final TrainingPlan plan;
  private final Vocabulary vocabulary;
  private final ImmutableMap<String, String> configuration;
  private final IntFunction<ImmutableMap<String, String>> results;
  private final TrainingGraph graph;
  private final Seed seed;
  private final long begin = System.nanoTime();
  private long step;
  private long optimizerStep;
  private double lastLearningRate;
  private @Nullable Path lastCheckpoint;
  private boolean complete;

  /**
   * @param results what the provenance says of the training so far, by the stage it is in
   */
  TrainingRun(
      TrainingPlan plan,
      Vocabulary vocabulary,
      ImmutableMap<String, String> configuration,
      IntFunction<ImmutableMap<String, String>> results) {
    this.plan = plan;
    this.vocabulary = vocabulary;
    this.configuration = configuration;
    this.results = results;
    seed = Seed.of(plan.seed());
    Parameters initial =
        plan.start()
            .map(Checkpoint::parameters)
            .orElseGet(() -> Parameters.initialize(plan.model(), seed.child("parameters")));
    graph = new TrainingGraph(plan, initial);
    plan.start()
        .flatMap(Checkpoint::trainingState)
        .ifPresent(
            state -> {
              step = state.step();
              optimizerStep = state.optimizerStep();
              graph.setMoments(state.firstMoments(), state.secondMoments());
            });
    tell(listener -> listener.started(configuration));
    plan.cancellation().ifPresent(Cancellation::begin);
  }

  Seed seed() {
    return seed;
  }

  long step() {
    return step;
  }

  void tell(Consumer<TrainingListener> event) {
    plan.listeners().forEach(event);
  }

  void freshOptimizer() {
    graph.resetOptimizer();
    optimizerStep = 0;
  }

  /**
   * Makes updates.
   *
   * @param begin the number of updates of this place that were made before
   * @param end the number of updates of this place
   * @param rate the factor on the optimizer's learning rate, by the index of the update
   * @throws TrainingDivergedException if the loss is no number
   * @throws CancellationException if this thread is interrupted, which it then still is, or the
   *     training cancelled
   */
  void updates(BatchSource batches, Place place, int begin, int end, LongToDoubleFunction rate)
      throws IOException {
    for (int index = begin; index < end; index++) {
      stopIfAsked(place, index);
      update(batches.next(), place, index, end, rate.applyAsDouble(index));
      if (plan.checkpointSteps().isPresent() && step % plan.checkpointSteps().getAsInt() == 0) {
        write(LATEST, checkpoint(place, index + 1));
      }
    }
    stopIfAsked(place, end);
  }

  private void stopIfAsked(Place place, int made) throws IOException {
    boolean cancelled = plan.cancellation().filter(Cancellation::isCancelled).isPresent();
    boolean interrupted = Thread.currentThread().isInterrupted();
    if (!cancelled && !interrupted) {
      return;
    }
    // An interrupted thread cannot write files.
    Thread.interrupted();
    try {
      write(LATEST, checkpoint(place, made));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    throw new CancellationException(
        "training was "
            + (cancelled ? "cancelled" : "interrupted")
            + " after step "
            + step
            + plan.checkpoints()
                .map(folder -> "; its checkpoint is in " + folder.resolve(LATEST))
                .orElse("; it had no folder for a checkpoint"));
  }

  private void update(BatchBuilder batch, Place place, int index, int end, double rate) {
    double learningRate = plan.optimizer().learningRateAt(optimizerStep) * rate;
    int iterations = plan.model().recurrence().sample(seed.child("recurrence", step).random());
    float loss =
        graph.step(
            pack(batch.queries()),
            batch.answers(),
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
        what, step, lastLearningRate, Optional.ofNullable(lastCheckpoint));
  }

  /** Rows share tokens unless each is to drop values of its own. */
  private PackedBatch pack(List<int[]> queries) {
    return plan.dropout().equals(Dropout.none())
        ? PackedBatch.sharing(plan.model(), queries)
        : PackedBatch.of(plan.model(), queries);
  }

  /**
   * Returns the share of facts answered rightly after the most iterations of training, or where
   * they halt if the curriculum says so.
   */
  double accuracy(Facts facts) {
    Optional<Halting> halting =
        plan.curriculum().isJudgedWhereItHalts()
            ? Optional.of(
                Halting.lengthScaled(facts.hops() + 1).atMost(plan.model().recurrence().max()))
            : Optional.empty();
    int right = 0;
    for (int from = 0; from < facts.size(); from += EVALUATION_ROWS) {
      Facts part = facts.subList(from, Math.min(facts.size(), from + EVALUATION_ROWS));
      BatchBuilder batch = new BatchBuilder();
      for (int fact = 0; fact < part.size(); fact++) {
        batch.add(part, fact);
      }
      Trajectory trajectory = graph.trajectory(PackedBatch.sharing(plan.model(), batch.queries()));
      for (int row = 0; row < part.size(); row++) {
        int index = row;
        int iteration = halting.map(rule -> trajectory.haltingIteration(index, rule)).orElse(1);
        if (trajectory.mostProbable(iteration, row) == part.answerId(row)) {
          right++;
        }
      }
    }
    return (double) right / facts.size();
  }

  /** Returns the model as it is now, and what is needed to go on after some updates of a place. */
  Checkpoint checkpoint(Place place, int made) {
    return checkpoint(place.stage(), place.polish() ? 0 : place.epoch() - 1, made, place.polish());
  }

  /** Returns the model as it is now, and what is needed to go on with a stage. */
  Checkpoint checkpoint(int stage, int epoch) {
    return checkpoint(stage, epoch, 0, false);
  }

  private Checkpoint checkpoint(int stage, int epoch, int made, boolean polish) {
    Parameters parameters = graph.parameters();
    requireFinite(parameters);
    return Checkpoint.builder()
        .model(plan.model())
        .vocabulary(vocabulary)
        .parameters(parameters)
        .provenance(
            ImmutableMap.<String, String>builder()
                .putAll(configuration)
                .put("steps", Long.toString(step))
                .putAll(results.apply(stage))
                .buildOrThrow())
        .trainingState(
            TrainingState.builder()
                .step(step)
                .optimizerStep(optimizerStep)
                .epoch(epoch)
                .epochStep(polish ? 0 : made)
                .polishStep(polish ? made : 0)
                .stage(stage)
                .seed(plan.seed())
                .firstMoments(graph.firstMoments())
                .secondMoments(graph.secondMoments())
                .build())
        .build();
  }

  /** The loss of a step comes from the weights before it, so that it may look well too long. */
  private void requireFinite(Parameters parameters) {
    for (String name : parameters.shapes().keySet()) {
      FloatBuffer values = parameters.values(name);
      while (values.hasRemaining()) {
        float value = values.get();
        if (!Float.isFinite(value)) {
          throw diverged("a weight of " + name + " is " + value);
        }
      }
    }
  }

  /** Writes a checkpoint into a folder below that of the plan, if it has one. */
  void write(String folder, Checkpoint checkpoint) throws IOException {
    if (plan.checkpoints().isPresent()) {
      Path path = plan.checkpoints().get().resolve(folder);
      checkpoint.write(path);
      lastCheckpoint = path;
      tell(listener -> listener.checkpointWritten(path, step));
    }
  }

  /** Writes the model at the end, and returns it. */
  Checkpoint complete(Checkpoint trained) throws IOException {
    write(LATEST, trained);
    complete = true;
    return trained;
  }

  @Override
  public void close() {
    try {
      graph.close();
      Duration duration = Duration.ofNanos(System.nanoTime() - begin);
      tell(listener -> listener.finished(step, duration, complete));
    } finally {
      plan.cancellation().ifPresent(Cancellation::end);
    }
  }
}
