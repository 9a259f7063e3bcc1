package io.github.recurrent.tf;

import java.util.Optional;

/** The loss or a weight is not a number anymore; smaller learning rates, or clipping, may help. */
public final class TrainingDivergedException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  TrainingDivergedException(
      String what, long step, double learningRate, Optional<String> lastCheckpoint) {
    super(
        what
            + " at step "
            + step
            + ", with learning rate "
            + learningRate
            + lastCheckpoint
                .map(which -> "; the last good checkpoint is " + which)
                .orElse("; there is no checkpoint from before"));
  }
}
