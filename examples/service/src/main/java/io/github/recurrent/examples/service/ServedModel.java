package io.github.recurrent.examples.service;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A model that is loaded, and takes requests until it is closed. Thread-safe. */
final class ServedModel implements AutoCloseable {
  private final ContinuousBatcher batcher;
  private final BatcherEntry entry;
  private final QueryReader reader;

  private ServedModel(ContinuousBatcher batcher, BatcherEntry entry, QueryReader reader) {
    this.batcher = batcher;
    this.entry = entry;
    this.reader = reader;
  }

  /** Loads a model and warms it up. */
  static ServedModel load(ServiceOptions options) throws IOException {
    ContinuousBatcher batcher =
        ContinuousBatcher.load(
            options.model,
            BatchingOptions.builder().maxRows(options.batch).maxWaiting(options.queue).build(),
            ExecutionOptions.builder().build());
    try {
      if (options.warmUpHops > 0) {
        batcher.warmUp(options.warmUpHops);
      }
    } catch (RuntimeException e) {
      batcher.close();
      throw e;
    }
    return new ServedModel(
        batcher,
        new BatcherEntry(batcher, options.queue),
        new QueryReader(batcher.model(), batcher.vocabulary(), options.limits().length()));
  }

  Vocabulary vocabulary() {
    return batcher.vocabulary();
  }

  ContinuousBatcher.Statistics statistics() {
    return batcher.statistics();
  }

  QueryReader reader() {
    return reader;
  }

  /**
   * Answers the queries of a request, all or none. Whoever hangs up takes the queries out of the
   * batch; so does the failure of one of them.
   */
  CompletableFuture<ImmutableList<Answer>> answer(
      ServiceRequestContext context, ImmutableList<Query> queries, Choices choices) {
    List<CompletableFuture<Answer>> answers = entry.enter(queries, choices);
    CompletableFuture<Void> unusedEnd =
        context.log().whenComplete().thenAccept(complete -> BatcherEntry.cancel(answers));
    CompletableFuture<ImmutableList<Answer>> all = new CompletableFuture<>();
    for (CompletableFuture<Answer> answer : answers) {
      CompletableFuture<Answer> unused =
          answer.whenComplete(
              (value, problem) -> {
                if (problem != null && all.completeExceptionally(problem)) {
                  BatcherEntry.cancel(answers);
                }
              });
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .thenRun(
                () ->
                    all.complete(
                        answers.stream().map(CompletableFuture::join).collect(toImmutableList())));
    return all;
  }

  @Override
  public void close() {
    batcher.close();
  }
}
