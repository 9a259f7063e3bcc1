package io.github.recurrent.evaluation;

/**
 * Configures an evaluation that makes its figures after every iteration of a range. Immutable; each
 * method returns a changed one.
 *
 * @param <A> the type of the evaluation
 */
abstract class RangeAnalysis<A extends RangeAnalysis<A>> extends Analysis<A> {
  private final IterationRange range;

  RangeAnalysis(Subject subject, IterationRange range) {
    super(subject);
    this.range = range;
  }

  /** Returns this evaluation of another subject over another range. */
  abstract A with(Subject subject, IterationRange range);

  @Override
  final A with(Subject changed) {
    return with(changed, range);
  }

  final IterationRange range() {
    return range;
  }

  /**
   * Makes figures after every iteration of a range, both ends included; 1 to 16 unless said
   * otherwise.
   *
   * @throws IllegalArgumentException unless {@code 1 <= first <= last}
   */
  public final A iterations(int first, int last) {
    return with(subject(), new IterationRange(first, last));
  }
}
