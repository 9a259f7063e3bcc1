package io.github.recurrent.reasoning;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.github.recurrent.reasoning.spi.HaltingRow;
import io.github.recurrent.reasoning.spi.Reading;

/** A row under a halting rule, one iteration after another. Not thread-safe. */
final class RowProgress implements HaltingRow {
  private final Halting halting;
  private final Criterion.Follower follower;
  private int iterations;

  RowProgress(Halting halting) {
    this.halting = halting;
    this.follower = halting.criterion().follow();
  }

  @Override
  public int unread() {
    if (halting.watcher().isPresent()) {
      return 0;
    }
    int last = halting.atMost();
    int read = halting.isFixed() ? last : Math.min(last, firstRead());
    return Math.max(0, read - iterations - 1);
  }

  /** Returns the first iteration that the criterion looks at. */
  private int firstRead() {
    return Math.max(1, halting.firstHalting() - halting.criterion().readings() + 1);
  }

  @Override
  public void skip(int count) {
    checkArgument(count >= 0, "iterations to skip must not be negative, but are %s", count);
    checkState(
        count <= unread(),
        "iteration %s of \"%s\" must be read",
        iterations + unread() + 1,
        halting);
    iterations += count;
  }

  @Override
  public boolean halts(Reading reading) {
    checkState(iterations < halting.atMost(), "the row has halted after %s iterations", iterations);
    iterations++;
    halting.watcher().ifPresent(watcher -> watcher.iterated(iterations, reading.distribution()));
    if (iterations == halting.atMost()) {
      return true;
    }
    boolean mayHalt = iterations >= halting.firstHalting();
    return !halting.isFixed() && follower.holds(reading, mayHalt) && mayHalt;
  }

  @Override
  public int iterations() {
    return iterations;
  }
}
