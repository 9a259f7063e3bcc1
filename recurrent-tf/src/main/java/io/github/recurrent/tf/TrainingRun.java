package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;

/** What curricula and plain epochs have in common: updates, accuracies and checkpoints. */
final class TrainingRun implements AutoCloseable {
  private static final int EVALUATION_ROWS = 512;

  private final TrainingPlan plan;
  private final Vocabulary vocabulary;
  private final ImmutableMap<String, String> configuration;
  private final TrainingGraph graph;
  private final Seed seed;
  private final long begin = System.nanoTime();
  private long step;
  private long optimizerStep;

  TrainingRun(
      TrainingPlan plan, Vocabulary vocabulary, ImmutableMap<String, String> configuration) {
    this.plan = plan;
    this.vocabulary = vocabulary;
    this.configuration = configuration;
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

  /** Makes updates at the learning rates of the optimizer. */
  void updates(BatchSource batches, int stage, int epoch, int count) {
    updates(batches, stage, epoch, count, index -> 1);
  }

  /**
   * Makes updates.
   *
   * @param rate the factor on the optimizer's learning rate, by the index of the update
   * @throws TrainingDivergedException if the loss is no number
   * @throws CancellationException if this thread is interrupted, which it then still is
   */
  void updates(BatchSource batches, int stage, int epoch, int count, LongToDoubleFunction rate) {
    for (int index = 0; index < count; index++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("training was interrupted after step " + step);
      }
      BatchBuilder batch = batches.next();
      double learningRate =
          plan.optimizer().learningRateAt(optimizerStep) * rate.applyAsDouble(index);
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
      if (!Float.isFinite(loss)) {
        throw new TrainingDivergedException(loss, step, learningRate);
      }
      TrainingListener.Step made =
          new TrainingListener.Step(
              step,
              stage,
              epoch,
              index + 1,
              count,
              loss,
              learningRate,
              iterations,
              batch.queries().size());
      tell(listener -> listener.stepped(made));
    }
  }

  /** Rows share tokens unless each is to drop values of its own. */
  private PackedBatch pack(List<int[]> queries) {
    return plan.dropout().equals(Dropout.none())
        ? PackedBatch.sharing(plan.model(), queries)
        : PackedBatch.of(plan.model(), queries);
  }

  /** Returns the share of facts answered rightly after the most iterations of training. */
  double accuracy(Facts facts) {
    int right = 0;
    for (int from = 0; from < facts.size(); from += EVALUATION_ROWS) {
      Facts part = facts.subList(from, Math.min(facts.size(), from + EVALUATION_ROWS));
      BatchBuilder batch = new BatchBuilder();
      for (int fact = 0; fact < part.size(); fact++) {
        batch.add(part, fact);
      }
      float[] logits = graph.logits(PackedBatch.sharing(plan.model(), batch.queries()));
      for (int row = 0; row < part.size(); row++) {
        if (best(logits, row) == part.answerId(row)) {
          right++;
        }
      }
    }
    return (double) right / facts.size();
  }

  private int best(float[] logits, int row) {
    int start = row * vocabulary.size();
    int best = 0;
    for (int id = 1; id < vocabulary.size(); id++) {
      if (logits[start + id] > logits[start + best]) {
        best = id;
      }
    }
    return best;
  }

  /** Returns the model as it is now, and what is needed to go on with a stage. */
  Checkpoint checkpoint(int stage, int epoch, ImmutableMap<String, String> results) {
    return Checkpoint.builder()
        .model(plan.model())
        .vocabulary(vocabulary)
        .parameters(graph.parameters())
        .provenance(
            ImmutableMap.<String, String>builder()
                .putAll(configuration)
                .put("steps", Long.toString(step))
                .putAll(results)
                .buildOrThrow())
        .trainingState(
            TrainingState.builder()
                .step(step)
                .optimizerStep(optimizerStep)
                .epoch(epoch)
                .stage(stage)
                .seed(plan.seed())
                .firstMoments(graph.firstMoments())
                .secondMoments(graph.secondMoments())
                .build())
        .build();
  }

  /** Writes a checkpoint into a folder below that of the plan, if it has one. */
  void write(String folder, Checkpoint checkpoint) throws IOException {
    if (plan.checkpoints().isPresent()) {
      Path path = plan.checkpoints().get().resolve(folder);
      checkpoint.write(path);
      tell(listener -> listener.checkpointWritten(path, step));
    }
  }

  @Override
  public void close() {
    graph.close();
    Duration duration = Duration.ofNanos(System.nanoTime() - begin);
    tell(listener -> listener.finished(step, duration));
  }
}
