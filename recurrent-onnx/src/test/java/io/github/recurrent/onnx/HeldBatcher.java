package io.github.recurrent.onnx;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A batcher of one lane, whose only row is a query that halts when it is released. */
final class HeldBatcher implements AutoCloseable {
  static final Query QUERY = Query.of("<e_1>", "<r_0>", "<r_2>");

  private final CountDownLatch released = new CountDownLatch(1);
  private final ContinuousBatcher batcher;
  private final CompletableFuture<Answer> holding;

  /** Takes over a batcher of one lane. */
  HeldBatcher(ContinuousBatcher batcher) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    this.batcher = batcher;
    holding =
        batcher.submit(
            QUERY,
            Halting.rule(
                "released",
                history -> {
                  running.countDown();
                  Uninterruptibles.awaitUninterruptibly(released);
                  return true;
                }));
    running.await();
  }

  /** Loads a batcher from a folder. */
  static HeldBatcher load(Path folder, BatchingOptions options)
      throws IOException, InterruptedException {
    return new HeldBatcher(
        ContinuousBatcher.load(
            folder, options, ExecutionOptions.builder().threads(1).lanes(1).build()));
  }

  ContinuousBatcher batcher() {
    return batcher;
  }

  CompletableFuture<Answer> holding() {
    return holding;
  }

  void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
    batcher.close();
  }
}
