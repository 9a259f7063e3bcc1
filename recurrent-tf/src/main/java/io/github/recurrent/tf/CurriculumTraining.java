package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import java.io.IOException;
import java.util.Optional;

/** Trains by the stages of a {@link Curriculum}. */
final class CurriculumTraining {
  static final String LEARNABLE_DEPTH = "learnable recursion depth";

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
    int first = plan.curriculum().hasAtomicStage() ? 1 : facts.minHops();
    try (TrainingRun run =
        new TrainingRun(plan, facts.vocabulary(), configuration, stage -> results(first, stage))) {
      return new CurriculumTraining(plan, facts, run).train();
    }
  }

  private Checkpoint train() throws IOException {
    Optional<TrainingState> resumed = plan.start().flatMap(Checkpoint::trainingState);
    int stage = resumed.map(TrainingState::stage).orElse(first);
    int epochs = resumed.map(TrainingState::epoch).orElse(0);
    int steps = resumed.map(TrainingState::epochStep).orElse(0);
    while (stage <= last && passes(stage, epochs, steps)) {
      stage++;
      epochs = 0;
      steps = 0;
      if (!curriculum.keepsOptimizer() && stage <= last) {
        run.freshOptimizer();
      }
      run.write("stage_" + (stage - 1), run.checkpoint(stage, 0));
    }
    Checkpoint trained;
    if (stage > last) {
      polish(resumed.map(TrainingState::polishStep).orElse(0));
      trained = run.checkpoint(Place.polish(last), curriculum.polishSteps());
    } else {
      // A stage that has failed goes on from its last epoch if it is given more.
      trained = run.checkpoint(stage, curriculum.maxEpochs());
    }
    return run.complete(trained);
  }

  /**
   * Trains a stage until it passes, and returns whether it did.
   *
   * @param epochsBefore the number of its epochs that were made before
   * @param stepsBefore the number of updates of the next epoch that were made before
   */
  private boolean passes(int stage, int epochsBefore, int stepsBefore) throws IOException {
    run.tell(listener -> listener.stageStarted(stage, run.step()));
    BatchSource batches = batches(stage, epochsBefore, stepsBefore);
    int steps = stepsOfEpoch(batches);
    double rate = curriculum.stageRate(stage - first);
    int forced = curriculum.forcedEpochs().getOrDefault(stage, 1);
    int made = stepsBefore;
    for (int epoch = epochsBefore + 1; epoch <= curriculum.maxEpochs(); epoch++) {
      run.updates(batches, Place.epoch(stage, epoch), made, steps, index -> rate);
      made = 0;
      TrainingListener.Evaluation evaluation = evaluate(stage, epoch);
      double accuracy = evaluation.accuracies().values().iterator().next();
      if (epoch >= forced && accuracy > curriculum.accuracy()) {
        run.tell(listener -> listener.stagePassed(stage, evaluation));
        return true;
      }
      if (epoch % plan.checkpointEpochs() == 0) {
        run.write(TrainingRun.LATEST, run.checkpoint(stage, epoch));
      }
    }
    return false;
  }

  private int stepsOfEpoch(BatchSource batches) {
    return curriculum.epochSteps().orElseGet(batches::batchesPerPass);
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

  /** Makes the updates after the last stage. */
  private void polish(int made) throws IOException {
    int steps = curriculum.polishSteps();
    if (made >= steps) {
      return;
    }
    run.tell(listener -> listener.polishStarted(run.step()));
    double fall = 1 - curriculum.polishFinalRate();
    double rate = curriculum.stageRate(last - first);
    run.updates(
        source(last, made, "polish"),
        Place.polish(last),
        made,
        steps,
        index -> rate * (1 - fall * (index + 1) / steps));
    evaluate(last, 1);
  }

  private BatchSource batches(int stage, int epochsBefore, int stepsBefore) {
    BatchSource source = source(stage, 0, "stage");
    long drawn = (long) epochsBefore * stepsOfEpoch(source) + stepsBefore;
    return drawn == 0 ? source : source(stage, drawn, "stage");
  }

  private BatchSource source(int stage, long drawn, String name) {
    return new BatchSource(
        facts.atomic(),
        facts.composed(stage),
        curriculum.batchAtomicShare(),
        plan.batch(),
        run.seed().child(name, stage),
        drawn);
  }

  /** The greatest stage passed before a stage; 0 if none was. */
  private static ImmutableMap<String, String> results(int first, int stage) {
    return ImmutableMap.of(LEARNABLE_DEPTH, Integer.toString(stage == first ? 0 : stage - 1));
  }
}
