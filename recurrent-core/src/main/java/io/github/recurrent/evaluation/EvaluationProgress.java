package io.github.recurrent.evaluation;

/** Receives the progress of an evaluation, on the thread that evaluates. */
@FunctionalInterface
public interface EvaluationProgress {
  /**
   * Some more facts have been run.
   *
   * @param what the type of the facts run last, such as {@code 5hop_test}
   * @param done the number of facts run so far, of all types
   * @param total the number of facts there are to run
   */
  void advanced(String what, long done, long total);
}
