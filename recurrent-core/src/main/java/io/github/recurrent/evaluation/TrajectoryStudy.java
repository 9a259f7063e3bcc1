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
    return new Run(Subject.of(reasoner, split), 1, 16, ImmutableList.of());
  }

  /** A study that still has to run. */
  public static final class Run extends Analysis<Run> {
    private final int first;
    private final int last;
    private final ImmutableList<Halting> rules;

    private Run(Subject subject, int first, int last, ImmutableList<Halting> rules) {
      super(subject);
      this.first = first;
      this.last = last;
      this.rules = rules;
    }

    @Override
    Run with(Subject changed) {
      return new Run(changed, first, last, rules);
    }

    /**
     * Takes sweep and margins over a range of iterations, both ends included.
     *
     * @throws IllegalArgumentException unless {@code 1 <= first <= last}
     */
    public Run iterations(int first, int last) {
      IterationRange.check(first, last);
      return new Run(subject(), first, last, rules);
    }

    /**
     * Halts by the given rules, in the place of those told before.
     *
     * @throws IllegalArgumentException if there is none, or two are the same in words
     */
    public Run rules(Halting... halting) {
      ImmutableList<Halting> changed = ImmutableList.copyOf(halting);
      HaltingStudy.check(changed);
      return new Run(subject(), first, last, changed);
    }

    /**
     * Runs every query once, for the greatest number of iterations.
     *
     * @throws IllegalArgumentException if there are no facts of some type
     */
    public TrajectoryStudy run() {
      SweepCounts counts = new SweepCounts(first, last);
      MarginSums sums = new MarginSums(first, last);
      List<TrajectoryPass.Reader> readers = new ArrayList<>(List.of(counts, sums));
      Optional<HaltingCounts> halting =
          rules.isEmpty() ? Optional.empty() : Optional.of(new HaltingCounts(rules));
      halting.ifPresent(readers::add);
      int iterations = rules.isEmpty() ? last : Math.max(last, HaltingStudy.mostIterations(rules));
      TrajectoryPass.run(subject(), iterations, readers);
      return new TrajectoryStudy(
          DepthSweep.of(subject(), first, last, counts),
          LogitMargins.of(subject(), first, last, sums),
          halting.map(rows -> HaltingStudy.of(subject(), rules, rows)));
    }
  }
}
