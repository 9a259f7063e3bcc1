package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;
import org.immutables.value.Value;

/**
 * How long a query may take in a {@link ContinuousBatcher}, waiting and running together, and what
 * becomes of it when its time is up. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Deadline {
  Deadline() {}

  /**
   * Returns a deadline at which a query that has no answer yet fails with a {@link
   * java.util.concurrent.TimeoutException}.
   *
   * @throws IllegalArgumentException if the time is not positive
   */
  public static Deadline failingAfter(Duration time) {
    return ImmutableDeadline.builder().time(time).answersSoFar(false).build();
  }

  /**
   * Returns a deadline at which a query is answered as far as it has come: with the distribution
   * after its last complete iteration, and {@link
   * io.github.recurrent.reasoning.Answer.Cause#DEADLINE}. A query that had no iteration by then
   * fails with a {@link java.util.concurrent.TimeoutException}.
   *
   * @throws IllegalArgumentException if the time is not positive
   */
  public static Deadline answeringAfter(Duration time) {
    return ImmutableDeadline.builder().time(time).answersSoFar(true).build();
  }

  /** Returns the time from the call that submits the query. */
  public abstract Duration time();

  /** Returns whether the query is answered as far as it has come; otherwise it fails. */
  public abstract boolean answersSoFar();

  @Value.Check
  void check() {
    checkArgument(
        !time().isNegative() && !time().isZero(),
        "the deadline must be positive, but is %s",
        time());
  }
}
