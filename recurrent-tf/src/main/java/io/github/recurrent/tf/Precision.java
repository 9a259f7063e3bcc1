package io.github.recurrent.tf;

/** The number format of the linear layers' matrix products; everything else is 32-bit floats. */
public enum Precision {
  /** 32-bit floats throughout. */
  FP32,
  /**
   * Operands of the linear layers' products are rounded to bfloat16; weights, optimizer state,
   * layer norms, softmax and loss stay 32-bit. Pays on wide models and processors with bf16
   * instructions.
   */
  BF16
}
