package io.github.recurrent.tf;

import com.google.common.math.IntMath;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.random.Seed;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Draws the batches of a stage: a fixed number of atomic facts each, or all facts alike. */
final class BatchSource {
  private final FactPool facts;
  private final FactPool atomic;
  private final int batch;
  private final int atomicRows;

  /**
   * @param atomicShare the share of atomic rows, unless there are no others
   * @param drawn how many batches were drawn before
   */
  BatchSource(
      Facts atomic,
      List<Facts> composed,
      OptionalDouble atomicShare,
      int batch,
      Seed seed,
      long drawn) {
    this.batch = batch;
    atomicRows = atomicRows(composed, atomicShare, batch);
    List<Facts> parts = parts(atomic, composed, atomicShare);
    facts = new FactPool(parts, seed.child("facts"), drawn * (batch - atomicRows));
    this.atomic = new FactPool(List.of(atomic), seed.child("atomic"), drawn * atomicRows);
  }

  private static int atomicRows(List<Facts> composed, OptionalDouble atomicShare, int batch) {
    return isApart(composed, atomicShare) ? (int) Math.round(batch * atomicShare.getAsDouble()) : 0;
  }

  private static boolean isApart(List<Facts> composed, OptionalDouble atomicShare) {
    return atomicShare.isPresent() && !composed.isEmpty();
  }

  private static List<Facts> parts(Facts atomic, List<Facts> composed, OptionalDouble atomicShare) {
    List<Facts> parts = new ArrayList<>(composed);
    if (!isApart(composed, atomicShare)) {
      parts.add(atomic);
    }
    return parts;
  }

  /** Returns the number of batches of a pass over the facts. */
  int batchesPerPass() {
    return batches(facts.size(), batch - atomicRows);
  }

  /** Returns the number of batches of a pass over the facts of such a source. */
  static int batchesPerPass(
      Facts atomic, List<Facts> composed, OptionalDouble atomicShare, int batch) {
    return batches(
        FactPool.size(parts(atomic, composed, atomicShare)),
        batch - atomicRows(composed, atomicShare, batch));
  }

  private static int batches(int facts, int rows) {
    return IntMath.divide(facts, rows, RoundingMode.CEILING);
  }

  BatchBuilder next() {
    BatchBuilder rows = new BatchBuilder();
    for (int row = 0; row < batch; row++) {
      (row < atomicRows ? atomic : facts).draw(rows);
    }
    return rows;
  }
}
