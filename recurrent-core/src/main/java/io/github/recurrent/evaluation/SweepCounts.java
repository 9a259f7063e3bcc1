package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Counts right answers after every iteration. Not thread-safe. */
final class SweepCounts implements TrajectoryPass.Reader {
  private final int first;
  private final ImmutableList.Builder<DepthSweep.Row> rows = ImmutableList.builder();
  private final int[] right;
  private String type = "";
  private int hops;
  private int facts;

  SweepCounts(IterationRange range) {
    this.first = range.first();
    this.right = new int[range.size()];
  }

  @Override
  public void begin(String newType, Facts newFacts) {
    type = newType;
    hops = newFacts.hops();
    facts = newFacts.size();
    Arrays.fill(right, 0);
  }

  @Override
  public void read(FactBatch batch, Trajectory trajectory) {
    IntStream.range(0, right.length)
        .parallel()
        .forEach(
            index -> {
              int count = 0;
              for (int row = 0; row < batch.size(); row++) {
                if (batch.isRight(row, trajectory, first + index)) {
                  count++;
                }
              }
              right[index] += count;
            });
  }

  @Override
  public void end() {
    ImmutableDoubleArray.Builder accuracies = ImmutableDoubleArray.builder(right.length);
    for (int count : right) {
      accuracies.add((double) count / facts);
    }
    rows.add(new DepthSweep.Row(type, hops, facts, first, accuracies.build()));
  }

  ImmutableList<DepthSweep.Row> rows() {
    return rows.build();
  }
}
