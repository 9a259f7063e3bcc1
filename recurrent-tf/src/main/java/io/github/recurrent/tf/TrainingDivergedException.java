package io.github.recurrent.tf;

import java.nio.file.Path;
import java.util.Optional;

/** The loss or a weight is not a number anymore; smaller learning rates, or clipping, may help. */
public final class TrainingDivergedException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  TrainingDivergedException(
      String what, long step, double learningRate, Optional<Path> lastCheckpoint) {
    super(
        what
            + " at step "
            + step
            + ", with learning rate "
            + learningRate
            + lastCheckpoint
                .map(folder -> "; the last good checkpoint is in " + folder)
                .orElse("; there is no checkpoint from before"));
  }
}
