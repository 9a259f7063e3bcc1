package io.github.recurrent.onnx;

import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.spi.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A query of a {@link ContinuousBatcher}, with its future answer. One thread makes it iterate; all
 * may ask for its end, which one of them decides.
 */
final class BatchedQuery extends FollowedRow {
  private final Vocabulary vocabulary;
  private final int hops;
  private final CompletableFuture<Answer> answer;
  private final AtomicBoolean decided = new AtomicBoolean();
  private final long submitted = System.nanoTime();
  private final boolean answersSoFar;

  /** The nanoseconds from the submission to the first iteration; -1 before it. */
  private volatile long waited = -1;

  private volatile boolean awaited;
  private volatile @Nullable SoFar soFar;

  private record SoFar(Readings read, int index, int iterations) {}

  /**
   * @param query the ids of head and relations
   * @param answersSoFar whether {@link #soFar} will be asked
   * @param completes is told whenever the future is about to complete, whoever completes it
   */
  BatchedQuery(
      RecurrentDepthTransformer model,
      Vocabulary vocabulary,
      int[] query,
      Halting halting,
      boolean answersSoFar,
      Consumer<BatchedQuery> completes) {
    super(model, query, halting);
    this.hops = query.length - 1;
    this.answer = new AnswerFuture(() -> completes.accept(this));
    this.vocabulary = vocabulary;
    this.answersSoFar = answersSoFar;
  }

  CompletableFuture<Answer> answer() {
    return answer;
  }

  /** Says that a call waits for the answer, on which nothing else depends. */
  void await() {
    awaited = true;
  }

  boolean isAwaited() {
    return awaited;
  }

  /** Returns when this was made, by {@link System#nanoTime()}. */
  long submitted() {
    return submitted;
  }

  /** Says that the first iteration begins. */
  void begin() {
    waited = System.nanoTime() - submitted;
  }

  /** Returns the time from the submission to the first iteration, or to now if it has not begun. */
  Duration waited() {
    long begun = waited;
    return Duration.ofNanos(begun < 0 ? System.nanoTime() - submitted : begun);
  }

  /** Returns the time since the first iteration began; zero if it has not. */
  Duration ran() {
    long begun = waited;
    return begun < 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - submitted - begun);
  }

  int hops() {
    return hops;
  }

  /** Claims to decide how this ends; only the first who asks may. */
  boolean decide() {
    return decided.compareAndSet(false, true);
  }

  /** Returns whether it is decided how this ends. */
  boolean isDecided() {
    return decided.get();
  }

  /** Returns whether the next iteration must be read. */
  boolean reads() {
    return answersSoFar || unread() == 0;
  }

  /**
   * Takes the next iteration, and returns the answer if this halts.
   *
   * @param index the number of this row among those that were read, if it was
   */
  Optional<Answer> next(Readings read, int index) {
    Optional<Answer> found = Optional.empty();
    if (unread() == 0) {
      found = take(vocabulary, read, index);
    } else {
      skip(1);
    }
    if (answersSoFar) {
      soFar = new SoFar(read, index, iterations());
    }
    return found;
  }

  /** Returns the answer after the last iteration that is complete, if there was one. */
  Optional<Answer> soFar() {
    SoFar last = soFar;
    if (last == null) {
      return Optional.empty();
    }
    Reading reading =
        Reading.of(
            vocabulary, halting(), last.read().logits(), last.index(), OptionalDouble.empty());
    return Optional.of(
        Answer.of(vocabulary, reading.distribution(), last.iterations(), Answer.Cause.DEADLINE));
  }
}
