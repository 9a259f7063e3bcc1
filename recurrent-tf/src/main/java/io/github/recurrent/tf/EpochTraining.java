package io.github.recurrent.tf;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.Facts;
import java.io.IOException;
import java.util.List;

/** Trains by passes over all facts, and evaluates on every type of test facts after each. */
final class EpochTraining {
  private static final int ATOMIC_HOPS = 1;

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
    int atomic = plan.epochs().atomicEpochs();
    int all = plan.epochs().count();
    train(ATOMIC_HOPS, before, 0, atomic, ImmutableList.of());
    train(data.inferred().hops(), before, atomic, all, ImmutableList.of(data.inferred()));
    return run.checkpoint(data.inferred().hops(), Math.max(before, all), ImmutableMap.of());
  }

  /**
   * Trains the epochs after one and up to another on atomic and composed facts.
   *
   * @param before the epochs that were made before this training
   */
  private void train(int hops, int before, int from, int to, List<Facts> composed)
      throws IOException {
    int begin = Math.max(before, from);
    if (begin >= to) {
      return;
    }
    int steps =
        plan.epochs().epochSteps().orElseGet(() -> batches(hops, composed, 0).batchesPerPass());
    BatchSource batches = batches(hops, composed, (long) (begin - from) * steps);
    run.tell(listener -> listener.stageStarted(hops, run.step()));
    for (int epoch = begin + 1; epoch <= to; epoch++) {
      int now = epoch;
      run.updates(
          batches, hops, epoch, steps, index -> plan.epochs().rate(now, (index + 1.0) / steps));
      evaluate(hops, epoch);
      if (epoch % plan.checkpointEpochs() == 0 || epoch == plan.epochs().count()) {
        run.write("checkpoint_epoch_" + epoch, run.checkpoint(hops, epoch, ImmutableMap.of()));
      }
    }
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

  private BatchSource batches(int hops, List<Facts> composed, long drawn) {
    return new BatchSource(
        data.atomic(),
        composed,
        plan.epochs().batchAtomicShare(),
        plan.batch(),
        run.seed().child("epochs", hops),
        drawn);
  }
}
