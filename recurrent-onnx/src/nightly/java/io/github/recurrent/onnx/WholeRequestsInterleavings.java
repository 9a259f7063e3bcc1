package io.github.recurrent.onnx;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Whatever threads do to a queue side by side, they could have done one after another. */
@Param(name = "count", gen = IntGen.class, conf = "1:3")
public final class WholeRequestsInterleavings {
  private final WaitingQueue<Object> queue = new WaitingQueue<>(4);

  /** A request comes. */
  @Operation
  public boolean offerAll(@Param(name = "count") int count) {
    // Not a stream, of whose many steps the checker would follow each.
    List<Object> request = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      request.add(new Object());
    }
    return queue.offerAll(request);
  }

  /** A lane takes queries. */
  @Operation
  public int take(@Param(name = "count") int most) {
    return queue.take(count -> most, false).size();
  }

  /** Statistics are taken. */
  @Operation
  public int size() {
    return queue.size();
  }

  @Test
  void everyOrderOfStepsIsThatOfWholeCalls() {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .threads(2)
            .actorsPerThread(2)
            .actorsBefore(2)
            .actorsAfter(2)
            .iterations(20)
            .invocationsPerIteration(100);
    Checker.run(() -> options.check(getClass()));
  }
}
