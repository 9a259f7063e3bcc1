package io.github.recurrent.evaluation;

import java.util.Map;
import java.util.function.Predicate;

/**
 * Configures an evaluation of a model on facts: the choices that all evaluations have. Immutable;
 * each method returns a changed one.
 *
 * <p>An evaluation stops with a {@link java.util.concurrent.CancellationException} when its thread
 * is interrupted.
 *
 * @param <A> the type of the evaluation
 */
abstract class Analysis<A extends Analysis<A>> {
  private final Subject subject;

  Analysis(Subject subject) {
    this.subject = subject;
  }

  /** Returns this evaluation of another subject. */
  abstract A with(Subject changed);

  final Subject subject() {
    return subject;
  }

  /**
   * Takes only some of the types of facts, such as {@code type -> type.endsWith("hop_test")}.
   *
   * @throws IllegalArgumentException if there is none of them
   */
  public final A types(Predicate<String> wanted) {
    return with(subject.types(wanted));
  }

  /**
   * Takes at most so many facts of each type, drawn without repetition where there are more; all
   * facts unless said otherwise.
   *
   * @throws IllegalArgumentException if {@code factsPerType < 1}
   */
  public final A sample(int factsPerType, long seed) {
    return with(subject.sample(factsPerType, seed));
  }

  /** Tells a listener how many facts have been run; it replaces an earlier one. */
  public final A progress(Report.Progress listener) {
    return with(subject.progress(listener));
  }

  /**
   * Says how the model was made, such as a checkpoint's provenance; what the reasoner says unless
   * said otherwise.
   */
  public final A provenance(Map<String, String> model) {
    return with(subject.provenance(model));
  }
}
