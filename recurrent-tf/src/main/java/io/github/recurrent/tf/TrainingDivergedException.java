package io.github.recurrent.tf;

/** The loss is no number any more; smaller learning rates, or clipping, may help. */
public final class TrainingDivergedException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  TrainingDivergedException(float loss, long step, double learningRate) {
    super("the loss is " + loss + " at step " + step + ", with learning rate " + learningRate);
  }
}
