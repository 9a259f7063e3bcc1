package io.github.recurrent.examples.benchmarks.service;

import com.google.common.collect.Lists;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.reasoning.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.DoubleStream;

/** The load that {@link Wrk} puts on a server, put on a batcher in this process. */
final class BatcherLoad {
  private final ContinuousBatcher batcher;
  private final List<List<Query>> requests;

  BatcherLoad(ContinuousBatcher batcher, List<Query> queries, int rows) {
    this.batcher = batcher;
    requests = Lists.partition(queries, rows);
  }

  /** Keeps so many requests under way for some seconds. */
  LoadResult run(int underWay, int seconds) {
    Semaphore free = new Semaphore(underWay);
    DoubleStream.Builder milliseconds = DoubleStream.builder();
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    for (int next = 0; System.nanoTime() < end; next++) {
      free.acquireUninterruptibly();
      long start = System.nanoTime();
      List<CompletableFuture<Answer>> answers =
          batcher.offerAll(requests.get(next % requests.size()), Requests.HALTING).orElseThrow();
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
              .thenRun(
                  () -> {
                    synchronized (milliseconds) {
                      milliseconds.add((System.nanoTime() - start) / 1e6);
                    }
                    free.release();
                  });
    }
    free.acquireUninterruptibly(underWay);
    double elapsed = (System.nanoTime() - begin) / 1e9;
    synchronized (milliseconds) {
      return LoadResult.of(milliseconds.build().toArray(), elapsed, 0);
    }
  }
}
