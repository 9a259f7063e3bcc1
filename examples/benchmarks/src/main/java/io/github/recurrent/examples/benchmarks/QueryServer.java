package io.github.recurrent.examples.benchmarks;

import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Something that answers queries one by one. */
interface QueryServer extends AutoCloseable {
  CompletableFuture<Answer> submit(Query query);

  @Override
  void close();

  /**
   * Returns this library's continuous batcher, of at most so many rows.
   *
   * @param lanes their number, if not that of the default
   */
  static QueryServer continuous(Path folder, Halting halting, int maxRows, OptionalInt lanes)
      throws IOException {
    ContinuousBatcher batcher =
        ContinuousBatcher.load(
            folder,
            BatchingOptions.builder().maxRows(maxRows).maxWaiting(Integer.MAX_VALUE).build(),
            ExecutionOptions.builder().lanes(lanes).build());
    return new QueryServer() {
      @Override
      public CompletableFuture<Answer> submit(Query query) {
        return batcher.offer(query, halting).orElseThrow();
      }

      @Override
      public void close() {
        batcher.close();
      }
    };
  }
}
