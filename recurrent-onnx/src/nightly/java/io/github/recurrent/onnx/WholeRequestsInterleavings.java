package io.github.recurrent.onnx;

import java.util.stream.Stream;
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
    return queue.offerAll(Stream.generate(Object::new).limit(count).toList());
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
    new ModelCheckingOptions()
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(2)
        .actorsAfter(2)
        .iterations(20)
        .invocationsPerIteration(100)
        .check(getClass());
  }
}
