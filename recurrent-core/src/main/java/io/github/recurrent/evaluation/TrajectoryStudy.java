package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sweep, margins and halting of one model, all from one run of every query. Immutable and
 * thread-safe.
 *
 * @param sweep the accuracies after every iteration
 * @param margins the logit margins after every iteration
 * @param halting the figures under halting rules, if there were any
 */
public record TrajectoryStudy(
    DepthSweep sweep, LogitMargins margins, Optional<HaltingStudy> halting) {

  /** Begins a study on the facts of a split; 1 to 16 iterations unless said otherwise. */
  public static Run of(Reasoner reasoner, Split split) {
    return new Run(Subject.of(reasoner, split), IterationRange.DEFAULT, ImmutableList.of());
  }

  /** Configures a study. Immutable; each method returns a changed one. */
  public static final class Run extends RangeAnalysis<Run> {
    private final ImmutableList<Halting> rules;

    private Run(Subject subject, IterationRange range, ImmutableList<Halting> rules) {
      super(subject, range);
      this.rules = rules;
    }

    @Override
    Run with(Subject subject, IterationRange range) {
      return new Run(subject, range, rules);
    }

    /**
     * Halts by the given rules, which replace earlier ones.
     *
     * @throws IllegalArgumentException if there is none, or two are the same in words
     */
    public Run rules(Halting... halting) {
      ImmutableList<Halting> changed = ImmutableList.copyOf(halting);
      HaltingStudy.check(changed);
      return new Run(subject(), range(), changed);
    }

    /**
     * Runs every query once, for the greatest number of iterations.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public TrajectoryStudy run() {
      SweepCounts counts = new SweepCounts(range());
      MarginSums sums = new MarginSums(range());
      List<TrajectoryPass.Reader> readers = new ArrayList<>(List.of(counts, sums));
      Optional<HaltingCounts> halting =
          rules.isEmpty() ? Optional.empty() : Optional.of(new HaltingCounts(rules));
      halting.ifPresent(readers::add);
      int last = range().last();
      int iterations = rules.isEmpty() ? last : Math.max(last, HaltingStudy.mostIterations(rules));
      TrajectoryPass.run(subject(), iterations, readers);
      return new TrajectoryStudy(
          DepthSweep.of(subject(), range(), counts),
          LogitMargins.of(subject(), range(), sums),
          halting.map(rows -> HaltingStudy.of(subject(), rules, rows)));
    }
  }
}
