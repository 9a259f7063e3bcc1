package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.onnx.ExecutionOptions;

/** Runs models with a thread for every core, whatever a runtime's default is. */
final class AllCores {
  static final int THREADS = Runtime.getRuntime().availableProcessors();
  static final ExecutionOptions EXECUTION = ExecutionOptions.builder().threads(THREADS).build();

  private AllCores() {}
}
