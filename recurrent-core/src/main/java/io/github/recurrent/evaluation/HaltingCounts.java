package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Quantiles;
import com.google.common.math.Stats;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Trajectory;
import java.util.List;
import java.util.stream.IntStream;

/** Counts iterations and right answers under halting rules. Not thread-safe. */
final class HaltingCounts implements TrajectoryPass.Reader {
  private final ImmutableList<Halting> rules;
  private final int thresholdIterations;
  private final ImmutableList.Builder<HaltingStudy.Row> rows = ImmutableList.builder();
  private String type = "";
  private int hops;
  private int[][] iterations = {};
  private int[] right = {};
  private int done;

  HaltingCounts(ImmutableList<Halting> rules) {
    this.rules = rules;
    thresholdIterations =
        rules.stream().filter(Halting::isPortable).mapToInt(Halting::atMost).max().orElse(0);
  }

  @Override
  public void begin(String newType, Facts facts) {
    type = newType;
    hops = facts.hops();
    iterations = new int[rules.size()][facts.size()];
    right = new int[rules.size()];
    done = 0;
  }

  @Override
  public void read(FactBatch batch, Trajectory trajectory) {
    int from = done;
    IntStream.range(0, batch.size())
        .parallel()
        .forEach(
            row -> {
              Settling settling = Settling.of(trajectory, row, thresholdIterations);
              for (int rule = 0; rule < rules.size(); rule++) {
                Halting halting = rules.get(rule);
                iterations[rule][from + row] =
                    halting.isPortable()
                        ? settling.haltingIteration(halting)
                        : trajectory.haltingIteration(row, halting);
              }
            });
    for (int rule = 0; rule < rules.size(); rule++) {
      for (int row = 0; row < batch.size(); row++) {
        int iteration = iterations[rule][from + row];
        boolean isRight =
            rules.get(rule).isAmongEntities()
                ? batch.isAnswer(row, trajectory.mostProbableEntity(iteration, row))
                : batch.isRight(row, trajectory, iteration);
        if (isRight) {
          right[rule]++;
        }
      }
    }
    done += batch.size();
  }

  /** Takes the answers to a batch under the only rule. */
  void read(FactBatch batch, List<Answer> answers) {
    for (int row = 0; row < batch.size(); row++) {
      iterations[0][done + row] = answers.get(row).iterations();
      if (batch.isRight(row, answers.get(row))) {
        right[0]++;
      }
    }
    done += batch.size();
  }

  @Override
  public void end() {
    for (int rule = 0; rule < rules.size(); rule++) {
      Stats stats = Stats.of(iterations[rule]);
      int most = rules.get(rule).atMost();
      long atLimit = IntStream.of(iterations[rule]).filter(used -> used == most).count();
      rows.add(
          new HaltingStudy.Row(
              rules.get(rule).toString(),
              type,
              hops,
              done,
              (double) right[rule] / done,
              stats.mean(),
              Quantiles.median().compute(iterations[rule]),
              stats.populationStandardDeviation(),
              (int) stats.min(),
              (int) stats.max(),
              (double) atLimit / done));
    }
  }

  ImmutableList<HaltingStudy.Row> rows() {
    return rows.build();
  }
}
