package io.github.recurrent.tf;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;

final class ExecutionTest {
  @Test
  void aGraphIsClosedWhenItsSessionCannotBeOpened() {
    Execution execution = ImmutableExecution.builder().device(Device.gpu(99)).build();
    Graph graph = Natives.graph();

    assertThatIllegalStateException().isThrownBy(() -> execution.open(graph));

    assertThatIllegalStateException()
        .isThrownBy(() -> graph.opBuilder("NoOp", "after", GraphOperations.of(graph).scope()))
        .withMessageContaining("close");
  }
}
