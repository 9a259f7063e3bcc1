package io.github.recurrent.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.reasoning.Trajectory;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Adds up margins and first hits. Not thread-safe. */
final class MarginSums implements TrajectoryPass.Reader {
  private final int first;
  private final ImmutableList.Builder<LogitMargins.Row> rows = ImmutableList.builder();
  private final double[] margins;
  private final int[] right;
  private long hitIterations;
  private int hits;
  private String type = "";
  private int hops;
  private int facts;

  MarginSums(IterationRange range) {
    this.first = range.first();
    this.margins = new double[range.size()];
    this.right = new int[range.size()];
  }

  @Override
  public void begin(String newType, Facts newFacts) {
    type = newType;
    hops = newFacts.hops();
    facts = newFacts.size();
    Arrays.fill(margins, 0);
    Arrays.fill(right, 0);
    hitIterations = 0;
    hits = 0;
  }

  @Override
  public void read(FactBatch batch, Trajectory trajectory) {
    boolean[][] hit = new boolean[right.length][batch.size()];
    // Each iteration adds in the order of the rows: sums do not depend on the number of threads.
    IntStream.range(0, right.length)
        .parallel()
        .forEach(
            index -> {
              double sum = 0;
              int count = 0;
              for (int row = 0; row < batch.size(); row++) {
                float margin = margin(trajectory.logits(first + index, row), batch, row);
                sum += margin;
                if (margin > 0 || (margin == 0 && batch.isRight(row, trajectory, first + index))) {
                  hit[index][row] = true;
                  count++;
                }
              }
              margins[index] += sum;
              right[index] += count;
            });
    for (int row = 0; row < batch.size(); row++) {
      int index = 0;
      while (index < hit.length && !hit[index][row]) {
        index++;
      }
      if (index < hit.length) {
        hitIterations += first + index;
        hits++;
      }
    }
  }

  /** Returns how much the best right answer's logit is above the greatest of all wrong ones. */
  private static float margin(float[] logits, FactBatch batch, int row) {
    ImmutableIntArray answers = batch.answerIds(row);
    float right = Float.NEGATIVE_INFINITY;
    for (int index = 0; index < answers.length(); index++) {
      int answer = answers.get(index);
      right = Math.max(right, logits[answer]);
      logits[answer] = Float.NEGATIVE_INFINITY;
    }
    float wrong = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      if (batch.mayBeAnswer(id)) {
        wrong = Math.max(wrong, logits[id]);
      }
    }
    return right - wrong;
  }

  @Override
  public void end() {
    ImmutableDoubleArray.Builder means = ImmutableDoubleArray.builder(margins.length);
    ImmutableDoubleArray.Builder accuracies = ImmutableDoubleArray.builder(right.length);
    for (int index = 0; index < right.length; index++) {
      means.add(margins[index] / facts);
      accuracies.add((double) right[index] / facts);
    }
    rows.add(
        new LogitMargins.Row(
            type,
            hops,
            facts,
            first,
            means.build(),
            accuracies.build(),
            hits == 0 ? Double.NaN : (double) hitIterations / hits,
            (double) hits / facts));
  }

  ImmutableList<LogitMargins.Row> rows() {
    return rows.build();
  }
}
