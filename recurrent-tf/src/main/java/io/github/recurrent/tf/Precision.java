package io.github.recurrent.tf;

/** The number format of the linear layers' matrix products; everything else is 32-bit floats. */
public enum Precision {
  /**
   * 32-bit floats throughout.
   *
   * <p>NVIDIA GPUs since Ampere round the operands of products to TF32 (8 bits of exponent, 10 of
   * fraction), as TensorFlow does by default. The system property {@code
   * recurrent.tensorflow.tf32=false}, or the environment variable {@code NVIDIA_TF32_OVERRIDE=0},
   * keeps them at 32 bits; it must be set before TensorFlow is first used.
   */
  FP32,
  /**
   * Operands of the linear layers' products are rounded to bfloat16; weights, optimizer state,
   * layer norms, softmax and loss stay 32-bit. The paper's format. Pays on wide models and on
   * processors with bf16 instructions whose products TensorFlow computes well; {@link #auto()}
   * finds out.
   */
  BF16;

  /**
   * Returns the faster format for training on this machine: {@link #auto(Device, int)} on {@link
   * Device#auto()} with a thread for every processor.
   */
  public static Precision auto() {
    return auto(Device.auto(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns {@link #BF16} where its products are faster than those of {@link #FP32} by more than a
   * fifth, else {@link #FP32}. Both are measured as a training of width 768 computes them, in about
   * a tenth of a second, once for each device and number of threads; the log has both figures.
   * Narrower models gain less. As machines differ, so may the choice, and with it the weights that
   * a seed gives.
   *
   * @param threads the number of threads TensorFlow computes with
   * @throws IllegalArgumentException if there is not at least 1 thread
   * @throws IllegalStateException if the device is not there
   */
  public static Precision auto(Device device, int threads) {
    return PrecisionChoice.of(device, threads);
  }
}
