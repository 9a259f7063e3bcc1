package io.github.recurrent.tf;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Facts;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trains by the stages of a {@link Curriculum}. */
final class CurriculumTraining {
  /**
   * The greatest number of facts of a stage that are asked after another has passed, or during the
   * cooldown.
   */
  private static final int ASKED_AGAIN = 256;

  /** The number of updates of a cooldown from one evaluation to the next. */
  private static final int COOLDOWN_INTERVAL = 250;

  /** The name of a stream of random numbers: another would be another order of the facts. */
  private static final String COOLDOWN_SEED = "polish";

  private final TrainingPlan plan;
  private final Curriculum curriculum;
  private final HopFacts facts;
  private final TrainingRun run;
  private final int first;
  private final int last;
  private final Map<String, String> failure;
  private final Set<Integer> forgotten = new HashSet<>();

  private CurriculumTraining(
      TrainingPlan plan, HopFacts facts, TrainingRun run, Map<String, String> failure) {
    this.failure = failure;
    this.plan = plan;
    this.curriculum = plan.curriculum();
    this.facts = facts;
    this.run = run;
    first = first(curriculum, facts);
    last = last(curriculum, facts);
  }

  private static int first(Curriculum curriculum, HopFacts facts) {
    return curriculum.isAtomicFirst() ? 1 : facts.minHops();
  }

  private static int last(Curriculum curriculum, HopFacts facts) {
    return curriculum.upTo().orElse(facts.maxHops());
  }

  static Checkpoint train(
      TrainingPlan plan, HopFacts facts, ImmutableMap<String, String> configuration)
      throws IOException {
    int first = first(plan.curriculum(), facts);
    Map<String, String> failure = new LinkedHashMap<>();
    try (TrainingRun run =
        new TrainingRun(
            plan,
            plan.function(first, last(plan.curriculum(), facts)),
            facts.vocabulary(),
            configuration,
            stage -> Curriculum.Result.provenance(stage == first ? 0 : stage - 1, failure))) {
      return new CurriculumTraining(plan, facts, run, failure).train();
    }
  }

  private Checkpoint train() throws IOException {
    Optional<TrainingState> resumed = plan.start().flatMap(Checkpoint::trainingState);
    run.begin(resumed.map(ResumePoint::of).orElse(ResumePoint.epochs(first, 0)));
    int stage = resumed.map(TrainingState::stage).orElse(first);
    int epochs = resumed.map(TrainingState::epoch).orElse(0);
    int steps = resumed.map(TrainingState::epochStep).orElse(0);
    resumed.ifPresent(
        state ->
            failure.putAll(
                Curriculum.Result.failureBefore(state.stage(), plan.start().orElseThrow())));
    while (stage <= last) {
      boolean passed = passes(stage, epochs, steps);
      if (!passed && !curriculum.goesOnAfterFailure()) {
        break;
      }
      stage++;
      epochs = 0;
      steps = 0;
      if (!curriculum.keepsOptimizer() && stage <= last) {
        run.freshOptimizer();
      }
      run.moveTo(ResumePoint.epochs(stage, 0));
      if (passed) {
        run.write("stage_" + (stage - 1));
      }
    }
    if (stage > last) {
      cooldown(resumed.map(TrainingState::cooldownStep).orElse(0));
      run.moveTo(ResumePoint.updates(Place.cooldown(last), curriculum.cooldownSteps()));
    }
    return run.complete();
  }

  /**
   * Trains a stage until it passes, and returns whether it did.
   *
   * @param epochsBefore the number of epochs made before
   * @param stepsBefore the number of updates of the next epoch made before
   */
  private boolean passes(int stage, int epochsBefore, int stepsBefore) throws IOException {
    BatchSource batches = batches(stage, epochsBefore, stepsBefore);
    int steps = stepsOfEpoch(batches);
    int made = stepsBefore;
    int forced = curriculum.forcedEpochs().getOrDefault(stage, 1);
    double rate = curriculum.stageRate(stage - first);
    run.tell(listener -> listener.stageStarted(stage, run.step()));
    tellBounds(stage, (long) (curriculum.epochsPerStage() - epochsBefore) * steps - stepsBefore);
    double best = 0;
    TrainingListener.@Nullable Evaluation evaluation = null;
    for (int epoch = epochsBefore + 1; epoch <= curriculum.epochsPerStage(); epoch++) {
      run.updates(
          batches,
          Place.epoch(stage, epoch),
          made,
          steps,
          steps,
          index -> rate,
          OptionalLong.empty());
      made = 0;
      evaluation = evaluate(stage, epoch);
      double accuracy = reached(evaluation);
      best = Math.max(best, accuracy);
      if (epoch >= forced && accuracy > curriculum.untilAccuracy()) {
        TrainingListener.Evaluation passed = evaluation;
        run.tell(listener -> listener.stagePassed(stage, passed));
        return true;
      }
      // A stage that has failed goes on from its last epoch if it is given more.
      run.moveTo(ResumePoint.epochs(stage, epoch));
      if (epoch % plan.checkpointEpochs() == 0 && epoch < curriculum.epochsPerStage()) {
        run.writeLatest();
      }
    }
    fail(
        stage,
        best,
        evaluation == null ? evaluate(stage, curriculum.epochsPerStage()) : evaluation);
    return false;
  }

  private void fail(int stage, double best, TrainingListener.Evaluation evaluation) {
    TrainingListener.StageFailure failed =
        new TrainingListener.StageFailure(
            stage,
            evaluation.step(),
            curriculum.epochsPerStage(),
            reached(evaluation),
            Math.max(best, reached(evaluation)),
            curriculum.untilAccuracy(),
            StageAdvice.after(plan, stage, evaluation));
    Curriculum.Result.note(failed, failure);
    // What was never known cannot be forgotten.
    forgotten.add(stage);
    run.moveTo(ResumePoint.epochs(stage, curriculum.epochsPerStage()));
    run.tell(listener -> listener.stageFailed(failed));
  }

  /** Says at which updates a stage and the training end at the latest. */
  private void tellBounds(int stage, long left) {
    long later = curriculum.cooldownSteps();
    for (int after = stage + 1; after <= last; after++) {
      later += (long) curriculum.epochsPerStage() * stepsOfEpoch(after);
    }
    long stageEnd = run.step() + left;
    long end = stageEnd + later;
    run.tell(listener -> listener.bounded(stageEnd, end));
  }

  private int stepsOfEpoch(int stage) {
    return curriculum
        .stepsPerEpoch()
        .orElseGet(
            () ->
                BatchSource.batchesPerPass(
                    facts.atomic(), facts.composed(stage), curriculum.atomicShare(), plan.batch()));
  }

  private int stepsOfEpoch(BatchSource batches) {
    return curriculum.stepsPerEpoch().orElseGet(batches::batchesPerPass);
  }

  /** Returns the accuracy that a stage is judged by, which comes first. */
  private static double reached(TrainingListener.Evaluation evaluation) {
    return evaluation.accuracies().values().iterator().next();
  }

  private TrainingListener.Evaluation evaluate(int stage, int epoch) throws IOException {
    return evaluate(stage, epoch, judged(stage).size());
  }

  /**
   * @param most the greatest number of facts of the stage that are asked
   */
  private TrainingListener.Evaluation evaluate(int stage, int epoch, int most) throws IOException {
    int iterations = plan.recurrence(stage).max();
    ImmutableMap.Builder<String, Double> accuracies = ImmutableMap.builder();
    accuracies.put(TrainingListener.factsOf(stage), run.accuracy(judged(stage), iterations, most));
    for (int earlier = first; earlier < stage; earlier++) {
      accuracies.put(
          TrainingListener.factsOf(earlier),
          run.accuracy(judged(earlier), iterations, ASKED_AGAIN));
    }
    TrainingListener.Evaluation evaluation =
        new TrainingListener.Evaluation(
            run.step(), stage, epoch, iterations, accuracies.buildOrThrow());
    run.tell(listener -> listener.evaluated(evaluation));
    tellForgotten(evaluation);
    return evaluation;
  }

  private int askedAgain(int stage) {
    return Math.min(judged(stage).size(), ASKED_AGAIN);
  }

  private Facts judged(int stage) {
    // Atomic facts cannot be held out: nothing else would tell them.
    return stage == 1 ? facts.atomic() : facts.heldOut().apply(stage);
  }

  /**
   * Tells of each earlier stage whose facts are not known any more, once until they are again. As
   * only some are asked, an accuracy may fall by chance; it tells something once the accuracy that
   * the stage needs lies above the {@linkplain WilsonInterval 99% interval} around it.
   */
  private void tellForgotten(TrainingListener.Evaluation evaluation) {
    for (int earlier = first; earlier < evaluation.stage(); earlier++) {
      int stage = earlier;
      double accuracy =
          Objects.requireNonNull(evaluation.accuracies().get(TrainingListener.factsOf(stage)));
      if (accuracy > curriculum.untilAccuracy()) {
        forgotten.remove(stage);
      } else if (WilsonInterval.isBelow(accuracy, askedAgain(stage), curriculum.untilAccuracy())
          && forgotten.add(stage)) {
        run.tell(
            listener -> listener.stageForgotten(stage, curriculum.untilAccuracy(), evaluation));
      }
    }
  }

  /** Makes the updates after the last stage. */
  private void cooldown(int made) throws IOException {
    int steps = curriculum.cooldownSteps();
    if (made >= steps) {
      return;
    }
    run.tell(listener -> listener.cooldownStarted(run.step()));
    long end = run.step() + steps - made;
    run.tell(listener -> listener.bounded(end, end));
    double fall = 1 - curriculum.cooldownFinalRate();
    double rate = curriculum.stageRate(last - first);
    BatchSource batches = source(last, made, COOLDOWN_SEED);
    for (int from = made; from < steps; ) {
      int until = Math.min(steps, from - from % COOLDOWN_INTERVAL + COOLDOWN_INTERVAL);
      run.updates(
          batches,
          Place.cooldown(last),
          from,
          until,
          steps,
          index -> rate * (1 - fall * (index + 1) / steps),
          OptionalLong.of(0));
      if (until < steps) {
        evaluate(last, 1, ASKED_AGAIN);
      }
      from = until;
    }
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
        curriculum.atomicShare(),
        plan.batch(),
        run.seed().child(name, stage),
        drawn);
  }
}
