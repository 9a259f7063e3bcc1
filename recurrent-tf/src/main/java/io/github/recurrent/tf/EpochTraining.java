package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.Facts;
import java.io.IOException;
import java.util.OptionalDouble;

/** Trains by passes over all facts, and evaluates on every type of test facts after each. */
final class EpochTraining {
  private final TrainingPlan plan;
  private final CompositionDataset data;
  private final TrainingRun run;

  private EpochTraining(TrainingPlan plan, CompositionDataset data, TrainingRun run) {
    this.plan = plan;
    this.data = data;
    this.run = run;
  }

  static Checkpoint train(
      TrainingPlan plan, CompositionDataset data, ImmutableMap<String, String> configuration)
      throws IOException {
    try (TrainingRun run = new TrainingRun(plan, data.vocabulary(), configuration)) {
      return new EpochTraining(plan, data, run).train();
    }
  }

  private Checkpoint train() throws IOException {
    int before =
        plan.start().flatMap(Checkpoint::trainingState).map(TrainingState::epoch).orElse(0);
    int hops = data.inferred().hops();
    int steps = batches(0).batchesPerPass();
    BatchSource batches = batches((long) before * steps);
    run.tell(listener -> listener.stageStarted(hops, run.step()));
    for (int epoch = before + 1; epoch <= plan.epochs(); epoch++) {
      run.updates(batches, hops, epoch, steps);
      evaluate(hops, epoch);
      if (epoch % plan.checkpointEpochs() == 0 || epoch == plan.epochs()) {
        run.write("checkpoint_epoch_" + epoch, run.checkpoint(hops, epoch, ImmutableMap.of()));
      }
    }
    return run.checkpoint(hops, Math.max(before, plan.epochs()), ImmutableMap.of());
  }

  private void evaluate(int hops, int epoch) {
    ImmutableMap.Builder<String, Double> accuracies = ImmutableMap.builder();
    data.test()
        .byType()
        .forEach(
            (String type, Facts facts) -> {
              if (facts.size() > 0) {
                accuracies.put(type, run.accuracy(facts));
              }
            });
    TrainingListener.Evaluation evaluation =
        new TrainingListener.Evaluation(
            run.step(), hops, epoch, plan.model().recurrence().max(), accuracies.buildOrThrow());
    run.tell(listener -> listener.evaluated(evaluation));
  }

  private BatchSource batches(long drawn) {
    return new BatchSource(
        data.atomic(),
        ImmutableList.of(data.inferred()),
        OptionalDouble.empty(),
        plan.batch(),
        run.seed().child("epochs"),
        drawn);
  }
}
