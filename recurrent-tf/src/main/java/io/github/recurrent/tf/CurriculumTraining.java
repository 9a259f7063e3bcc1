package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Trains by the stages of a {@link Curriculum}. */
final class CurriculumTraining {
  static final String LEARNABLE_DEPTH = "learnable recursion depth";
  private static final String LATEST = "latest";

  private final TrainingPlan plan;
  private final Curriculum curriculum;
  private final HopFacts facts;
  private final TrainingRun run;
  private final int first;
  private final int last;

  private CurriculumTraining(TrainingPlan plan, HopFacts facts, TrainingRun run) {
    this.plan = plan;
    this.curriculum = plan.curriculum();
    this.facts = facts;
    this.run = run;
    first = curriculum.hasAtomicStage() ? 1 : facts.minHops();
    last = curriculum.lastStage().orElse(facts.maxHops());
    checkArgument(
        first <= last && last <= facts.maxHops(),
        "a curriculum up to %s hops does not fit data of %s to %s hops",
        last,
        facts.minHops(),
        facts.maxHops());
  }

  static Checkpoint train(
      TrainingPlan plan, HopFacts facts, ImmutableMap<String, String> configuration)
      throws IOException {
    try (TrainingRun run = new TrainingRun(plan, facts.vocabulary(), configuration)) {
      return new CurriculumTraining(plan, facts, run).train();
    }
  }

  private Checkpoint train() throws IOException {
    Optional<TrainingState> resumed = plan.start().flatMap(Checkpoint::trainingState);
    int stage = resumed.map(TrainingState::stage).orElse(first);
    int epochs = resumed.map(TrainingState::epoch).orElse(0);
    while (stage <= last && passes(stage, epochs)) {
      stage++;
      epochs = 0;
      if (!curriculum.keepsOptimizer() && stage <= last) {
        run.freshOptimizer();
      }
      run.write("stage_" + (stage - 1), checkpoint(stage, 0));
    }
    if (stage > last) {
      polish();
    }
    // A stage that has failed goes on from its last epoch if it is given more.
    Checkpoint trained = checkpoint(stage, stage > last ? 0 : curriculum.maxEpochs());
    run.write(LATEST, trained);
    return trained;
  }

  /** Trains a stage until it passes, and returns whether it did. */
  private boolean passes(int stage, int epochsBefore) throws IOException {
    run.tell(listener -> listener.stageStarted(stage, run.step()));
    BatchSource batches = batches(stage, epochsBefore);
    int steps = curriculum.epochSteps().orElseGet(batches::batchesPerPass);
    double rate = curriculum.stageRate(stage - first);
    int forced = curriculum.forcedEpochs().getOrDefault(stage, 1);
    for (int epoch = epochsBefore + 1; epoch <= curriculum.maxEpochs(); epoch++) {
      run.updates(batches, stage, epoch, steps, index -> rate);
      TrainingListener.Evaluation evaluation = evaluate(stage, epoch);
      double accuracy = evaluation.accuracies().values().iterator().next();
      if (epoch >= forced && accuracy > curriculum.accuracy()) {
        run.tell(listener -> listener.stagePassed(stage, evaluation));
        return true;
      }
      if (epoch % plan.checkpointEpochs() == 0) {
        run.write(LATEST, checkpoint(stage, epoch));
      }
    }
    return false;
  }

  private TrainingListener.Evaluation evaluate(int stage, int epoch) {
    // Atomic facts cannot be held out: nothing else would tell them.
    Facts asked = stage == 1 ? facts.atomic() : facts.heldOut().apply(stage);
    TrainingListener.Evaluation evaluation =
        new TrainingListener.Evaluation(
            run.step(),
            stage,
            epoch,
            plan.model().recurrence().max(),
            ImmutableMap.of(stage == 1 ? "atomic_facts" : stage + "hop_test", run.accuracy(asked)));
    run.tell(listener -> listener.evaluated(evaluation));
    return evaluation;
  }

  private void polish() {
    int steps = curriculum.polishSteps();
    if (steps == 0) {
      return;
    }
    double fall = 1 - curriculum.polishFinalRate();
    run.updates(
        batches(last, 0, "polish"),
        last,
        1,
        steps,
        index -> curriculum.stageRate(last - first) * (1 - fall * (index + 1) / steps));
    evaluate(last, 1);
  }

  private BatchSource batches(int stage, int epochsBefore) {
    BatchSource source = batches(stage, 0, "stage");
    return epochsBefore == 0
        ? source
        : batches(
            stage,
            (long) epochsBefore * curriculum.epochSteps().orElseGet(source::batchesPerPass),
            "stage");
  }

  private BatchSource batches(int stage, long drawn, String name) {
    List<Facts> composed = facts.composed(stage);
    return new BatchSource(
        facts.atomic(),
        composed,
        curriculum.batchAtomicShare(),
        plan.batch(),
        run.seed().child(name, stage),
        drawn);
  }

  private Checkpoint checkpoint(int stage, int epoch) {
    return run.checkpoint(
        stage, epoch, ImmutableMap.of(LEARNABLE_DEPTH, Integer.toString(passed(stage))));
  }

  /** The greatest stage passed before a stage; 0 if none was. */
  private int passed(int stage) {
    return stage == first ? 0 : stage - 1;
  }
}
