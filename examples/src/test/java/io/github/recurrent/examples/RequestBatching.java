package io.github.recurrent.examples;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.dataset.Query;
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
 * Dynamic batching of whole requests, to compare with: takes all queries that wait, up to a batch,
 * and answers them before it takes more. Within a batch, halted rows cost nothing more.
 */
final class RequestBatching implements QueryServer {
  private final Function<List<Query>, List<Answer>> answers;
  private final Runnable release;
  private final int maxRows;
  private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
  private final Request end = new Request(Query.of("<e_0>", "<r_0>"), new CompletableFuture<>());
  private final Thread worker = new Thread(this::work, "request-batching");

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
    return start(queries -> reasoner.answer(queries, halting), reasoner::close, maxRows);
  }

  /** Returns a server whose batches are one call of {@code model.onnx} each. */
  static QueryServer calls(Path folder, Halting halting, int maxRows) throws IOException {
    AdaptiveCall call = AdaptiveCall.load(folder, AllCores.THREADS);
    return start(queries -> call.answer(queries, halting), call::close, maxRows);
  }

  private static QueryServer start(
      Function<List<Query>, List<Answer>> answers, Runnable release, int maxRows) {
    RequestBatching server = new RequestBatching(answers, release, maxRows);
    server.worker.start();
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
      ends = requests.remove(end);
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
    Uninterruptibles.joinUninterruptibly(worker);
    release.run();
  }
}
