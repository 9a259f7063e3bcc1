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
    boolean apart = atomicShare.isPresent() && !composed.isEmpty();
    atomicRows = apart ? (int) Math.round(batch * atomicShare.getAsDouble()) : 0;
    List<Facts> parts = new ArrayList<>(composed);
    if (!apart) {
      parts.add(atomic);
    }
    facts = new FactPool(parts, seed.child("facts"), drawn * (batch - atomicRows));
    this.atomic = new FactPool(List.of(atomic), seed.child("atomic"), drawn * atomicRows);
  }

  /** Returns the number of batches of a pass over the facts. */
  int batchesPerPass() {
    return IntMath.divide(facts.size(), batch - atomicRows, RoundingMode.CEILING);
  }

  BatchBuilder next() {
    BatchBuilder rows = new BatchBuilder();
    for (int row = 0; row < batch; row++) {
      (row < atomicRows ? atomic : facts).draw(rows);
    }
    return rows;
  }
}
