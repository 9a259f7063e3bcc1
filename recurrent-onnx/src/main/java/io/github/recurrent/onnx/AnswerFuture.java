package io.github.recurrent.onnx;

import io.github.recurrent.reasoning.Answer;
import java.util.concurrent.CompletableFuture;

/**
 * The future answer of a query. Whoever completes it, this says so before anything that depends on
 * it runs, which may take long.
 */
final class AnswerFuture extends CompletableFuture<Answer> {
  private final Runnable completes;

  /**
   * @param completes what to run first
   */
  AnswerFuture(Runnable completes) {
    this.completes = completes;
  }

  @Override
  public boolean complete(Answer answer) {
    completes.run();
    return super.complete(answer);
  }

  @Override
  public boolean completeExceptionally(Throwable problem) {
    completes.run();
    return super.completeExceptionally(problem);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    completes.run();
    return super.cancel(mayInterruptIfRunning);
  }
}
