package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.CompositionDataset;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.model.Recurrence;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Trains by passes over all facts, and evaluates on every type of test facts after each. */
final class EpochTraining {
  private static final int ATOMIC_HOPS = 1;
  private static final String REACHED = " reached at epoch";

  private final TrainingPlan plan;
  private final CompositionDataset data;
  private final TrainingRun run;
  private final Map<String, String> reached;
  private final Optional<TrainingState> start;

  private EpochTraining(
      TrainingPlan plan, CompositionDataset data, TrainingRun run, Map<String, String> reached) {
    this.plan = plan;
    this.data = data;
    this.run = run;
    this.reached = reached;
    start = plan.start().flatMap(Checkpoint::trainingState);
  }

  static Checkpoint train(
      TrainingPlan plan, CompositionDataset data, ImmutableMap<String, String> configuration)
      throws IOException {
    plan.epochs()
        .keep()
        .keySet()
        .forEach(
            type ->
                checkArgument(
                    data.test().byType().containsKey(type),
                    "no checkpoint can be kept for \"%s\"; the types of test facts are %s",
                    type,
                    data.test().byType().keySet()));
    Map<String, String> reached = new TreeMap<>(reachedBefore(plan));
    try (TrainingRun run =
        new TrainingRun(
            plan,
            plan.function(ATOMIC_HOPS, data.inferred().hops()),
            data.vocabulary(),
            configuration,
            stage -> ImmutableMap.copyOf(reached))) {
      return new EpochTraining(plan, data, run, reached).train();
    }
  }

  /** What the training that is resumed has reached. */
  private static Map<String, String> reachedBefore(TrainingPlan plan) {
    return plan.start()
        .filter(checkpoint -> checkpoint.trainingState().isPresent())
        .map(checkpoint -> Maps.filterKeys(checkpoint.provenance(), name -> name.endsWith(REACHED)))
        .orElse(ImmutableMap.of());
  }

  private Checkpoint train() throws IOException {
    int atomic = plan.epochs().atomicFirst();
    int all = plan.epochs().count();
    int hops = data.inferred().hops();
    run.begin(
        start.map(ResumePoint::of).orElse(ResumePoint.epochs(atomic > 0 ? ATOMIC_HOPS : hops, 0)));
    train(ATOMIC_HOPS, 0, atomic, ImmutableList.of());
    train(hops, atomic, all, ImmutableList.of(data.inferred()));
    run.moveTo(ResumePoint.epochs(hops, Math.max(start.map(TrainingState::epoch).orElse(0), all)));
    return run.complete();
  }

  /** Trains the epochs after one and up to another on atomic and composed facts. */
  private void train(int hops, int from, int to, List<Facts> composed) throws IOException {
    int before = start.map(TrainingState::epoch).orElse(0);
    int begin = Math.max(before, from);
    if (begin >= to) {
      return;
    }
    int steps = plan.epochs().steps().orElseGet(() -> batches(hops, composed, 0).batchesPerPass());
    int made = begin == before ? start.map(TrainingState::epochStep).orElse(0) : 0;
    BatchSource batches = batches(hops, composed, (long) (begin - from) * steps + made);
    run.tell(listener -> listener.stageStarted(hops, run.step()));
    long left = (long) (to - begin) * steps - made;
    long later = (long) (plan.epochs().count() - to) * steps;
    run.tell(listener -> listener.bounded(run.step() + left, run.step() + left + later));
    for (int epoch = begin + 1; epoch <= to; epoch++) {
      int now = epoch;
      run.updates(
          batches,
          Place.epoch(hops, epoch),
          made,
          steps,
          steps,
          index -> plan.epochs().rate(now, (index + 1.0) / steps),
          cooledBefore(epoch, steps));
      made = 0;
      boolean reachesMore = reaches(evaluate(hops, epoch));
      run.moveTo(ResumePoint.epochs(hops, epoch));
      if (reachesMore) {
        run.write(keptFolder() + "/checkpoint_epoch_" + epoch);
      }
      if (epoch % plan.checkpointEpochs() == 0) {
        run.writeLatest();
      }
    }
  }

  private OptionalLong cooledBefore(int epoch, int steps) {
    int cooled = epoch - 1 - (plan.epochs().count() - plan.epochs().cooldownEpochs());
    return cooled < 0 ? OptionalLong.empty() : OptionalLong.of((long) cooled * steps);
  }

  /** Notes what is reached for the first time, and returns whether anything is. */
  private boolean reaches(TrainingListener.Evaluation evaluation) {
    int before = reached.size();
    plan.epochs()
        .keep()
        .forEach(
            (type, bar) -> {
              if (evaluation.accuracies().getOrDefault(type, 0.0) >= bar) {
                reached.putIfAbsent(
                    type + " " + bar + REACHED, Integer.toString(evaluation.epoch()));
              }
            });
    return reached.size() > before;
  }

  /** As the published checkpoints are filed; a dynamic R by both its bounds. */
  private String keptFolder() {
    Recurrence recurrence = plan.model().recurrence();
    return "r"
        + (recurrence.isDynamic() ? recurrence.min() + "-" : "")
        + recurrence.max()
        + "_l"
        + plan.model().layers();
  }

  private TrainingListener.Evaluation evaluate(int hops, int epoch) throws IOException {
    int iterations = plan.model().recurrence().max();
    ImmutableMap.Builder<String, Double> accuracies = ImmutableMap.builder();
    for (Map.Entry<String, Facts> facts : data.test().byType().entrySet()) {
      if (facts.getValue().size() > 0) {
        accuracies.put(facts.getKey(), run.accuracy(facts.getValue(), iterations));
      }
    }
    TrainingListener.Evaluation evaluation =
        new TrainingListener.Evaluation(
            run.step(), hops, epoch, iterations, accuracies.buildOrThrow());
    run.tell(listener -> listener.evaluated(evaluation));
    return evaluation;
  }

  private BatchSource batches(int hops, List<Facts> composed, long drawn) {
    return new BatchSource(
        data.atomic(),
        composed,
        plan.epochs().atomicShare(),
        plan.batch(),
        run.seed().child("epochs", hops),
        drawn);
  }
}
