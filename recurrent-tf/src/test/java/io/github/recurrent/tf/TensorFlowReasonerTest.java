package io.github.recurrent.tf;

import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.reasoning.ReasonerContract;

final class TensorFlowReasonerTest extends ReasonerContract {
  @Override
  protected Reasoner open(Checkpoint checkpoint) {
    return TensorFlowReasoner.of(checkpoint);
  }
}
