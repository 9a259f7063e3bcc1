package io.github.recurrent.examples.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.AdaptiveCall;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Dynamic batching of whole requests, to compare with: a worker takes all queries that wait, up to
 * a batch, and answers them before it takes more. Within a batch, halted rows cost nothing more.
 */
final class RequestBatching implements QueryServer {
  private final Function<List<Query>, List<Answer>> answers;
  private final Runnable release;
  private final int maxRows;
  private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();

  /** Stays in the queue once it is there, so that every worker finds it. */
  private final Request end = new Request(Query.of("<e_0>", "<r_0>"), new CompletableFuture<>());

  private final List<Thread> workers = new ArrayList<>();

  private record Request(Query query, CompletableFuture<Answer> answer) {}

  private RequestBatching(
      Function<List<Query>, List<Answer>> answers, Runnable release, int maxRows) {
    this.answers = answers;
    this.release = release;
    this.maxRows = maxRows;
  }

  /** Returns a server whose batches this library answers, in runs of queries of like length. */
  static QueryServer library(Path folder, Halting halting, int maxRows) throws IOException {
    OnnxReasoner reasoner = OnnxReasoner.load(folder, AllCores.EXECUTION);
    return start(queries -> reasoner.answer(queries, halting), reasoner::close, maxRows, 1);
  }

  /**
   * Returns a server whose batches are one call of {@code model.onnx} each.
   *
   * @param workers those that call side by side, each on its share of the cores
   */
  static QueryServer calls(Path folder, Halting halting, int maxRows, int workers)
      throws IOException {
    AdaptiveCall call = AdaptiveCall.load(folder, Math.max(1, AllCores.THREADS / workers));
    return start(queries -> call.answer(queries, halting), call::close, maxRows, workers);
  }

  private static QueryServer start(
      Function<List<Query>, List<Answer>> answers, Runnable release, int maxRows, int workers) {
    RequestBatching server = new RequestBatching(answers, release, maxRows);
    for (int worker = 0; worker < workers; worker++) {
      server.workers.add(new Thread(server::work, "request-batching-" + worker));
    }
    server.workers.forEach(Thread::start);
    return server;
  }

  @Override
  public CompletableFuture<Answer> submit(Query query) {
    Request request = new Request(query, new CompletableFuture<>());
    waiting.add(request);
    return request.answer();
  }

  private void work() {
    boolean ends = false;
    while (!ends) {
      List<Request> requests = new ArrayList<>();
      requests.add(Uninterruptibles.takeUninterruptibly(waiting));
      waiting.drainTo(requests, maxRows - 1);
      ends = requests.removeIf(end::equals);
      if (ends) {
        waiting.add(end);
      }
      if (!requests.isEmpty()) {
        answer(requests);
      }
    }
  }

  private void answer(List<Request> requests) {
    List<Answer> found = answers.apply(requests.stream().map(Request::query).toList());
    for (int index = 0; index < found.size(); index++) {
      requests.get(index).answer().complete(found.get(index));
    }
  }

  @Override
  public void close() {
    waiting.add(end);
    workers.forEach(Uninterruptibles::joinUninterruptibly);
    release.run();
  }
}
