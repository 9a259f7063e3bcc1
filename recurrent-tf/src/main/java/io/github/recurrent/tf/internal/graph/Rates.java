package io.github.recurrent.tf.internal.graph;

import io.github.recurrent.tf.AdamW;

/** What changes in the optimizer from update to update, as one vector that is fed. */
final class Rates {
  static final int LEARNING_RATE = 0;
  static final int DECAY = 1;
  static final int BETA1_POWER = 2;
  static final int BETA2_POWER = 3;
  static final int EPSILON = 4;
  static final int COUNT = 5;

  private Rates() {}

  /**
   * Returns the rates of an update.
   *
   * @param step the number of the update, from 1
   */
  static float[] of(AdamW optimizer, double learningRate, long step) {
    double beta2Power = Math.pow(optimizer.beta2(), (double) step);
    float[] rates = new float[COUNT];
    rates[LEARNING_RATE] = (float) learningRate;
    rates[DECAY] = (float) (learningRate * optimizer.weightDecay());
    rates[BETA1_POWER] = (float) Math.pow(optimizer.beta1(), (double) step);
    rates[BETA2_POWER] = (float) beta2Power;
    // TensorFlow adds epsilon to the root of the uncorrected second moment; AdamW means the
    // corrected one.
    rates[EPSILON] = (float) (optimizer.epsilon() * Math.sqrt(1 - beta2Power));
    return rates;
  }
}
