package io.github.recurrent.onnx;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Whatever lanes do side by side, they could have done one after another. */
@Param(name = "lane", gen = IntGen.class, conf = "0:1")
@Param(name = "count", gen = IntGen.class, conf = "0:3")
public final class LaneLoadsInterleavings {
  private final LaneLoads loads = new LaneLoads(2, 6);

  /** A lane asks for rows. */
  @Operation
  public int admit(@Param(name = "lane") int lane, @Param(name = "count") int waiting) {
    return loads.admit(lane, waiting);
  }

  /** A lane's rows halt. */
  @Operation
  public void set(@Param(name = "lane") int lane, @Param(name = "count") int rows) {
    loads.set(lane, rows);
  }

  /** Statistics are taken. */
  @Operation
  public int total() {
    return loads.total();
  }

  @Test
  void everyOrderOfStepsIsThatOfWholeCalls() {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .threads(2)
            .actorsPerThread(2)
            .actorsBefore(2)
            .actorsAfter(2)
            .iterations(30)
            .invocationsPerIteration(200);
    Checker.run(() -> options.check(getClass()));
  }
}
