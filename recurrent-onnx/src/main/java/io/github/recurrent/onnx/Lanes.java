package io.github.recurrent.onnx;

import io.github.recurrent.model.RecurrentDepthTransformer;

/**
 * How many runs go on side by side in a session, and on how many threads each.
 *
 * @param count the number of runs
 * @param threads the number of threads of each
 */
record Lanes(int count, int threads) {
  /**
   * Up to this width two threads answer 64 rows faster as lanes, by 1.2 to 1.9 times, and a query
   * that is alone at most a quarter faster together; measured on two cores at widths 64 and 128.
   */
  private static final int WIDEST_OF_A_REASONER = 128;

  /**
   * Up to this width lanes of one thread bear more load than one lane on all; measured on two cores
   * at widths 64, 256 and 768.
   */
  private static final int WIDEST_OF_A_BATCHER = 256;

  static Lanes ofReasoner(RecurrentDepthTransformer model, ExecutionOptions execution) {
    return of(model, execution, WIDEST_OF_A_REASONER);
  }

  static Lanes ofBatcher(
      RecurrentDepthTransformer model, ExecutionOptions execution, BatchingOptions batching) {
    return of(model, execution, WIDEST_OF_A_BATCHER).atMost(batching.maxRows());
  }

  private static Lanes of(
      RecurrentDepthTransformer model, ExecutionOptions execution, int widestDivided) {
    boolean divides = model.width() <= widestDivided && execution.cudaDevice().isEmpty();
    int count = execution.lanes().orElse(divides ? execution.callThreads() : 1);
    return new Lanes(count, Math.max(1, execution.callThreads() / count));
  }

  /** Returns these, but no more than a number. */
  Lanes atMost(int most) {
    return count <= most ? this : new Lanes(most, threads * count / most);
  }
}
