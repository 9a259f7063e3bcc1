package io.github.recurrent.examples.service.serving;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.logging.RequestLines;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.QueryReader;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A model that is loaded, and takes requests until it is closed. Thread-safe. */
public final class ServedModel implements AutoCloseable {
  private final ContinuousBatcher batcher;
  private final BatcherEntry entry;
  private final QueryReader reader;

  private ServedModel(ContinuousBatcher batcher, BatcherEntry entry, QueryReader reader) {
    this.batcher = batcher;
    this.entry = entry;
    this.reader = reader;
  }

  /** Loads a model and warms it up. */
  public static ServedModel load(Path folder, ServingOptions options) throws IOException {
    ContinuousBatcher batcher =
        ContinuousBatcher.load(
            folder,
            BatchingOptions.builder().maxRows(options.batch()).maxWaiting(options.queue()).build(),
            ExecutionOptions.builder().build());
    try {
      if (options.warmUpHops() > 0) {
        batcher.warmUp(options.warmUpHops());
      }
    } catch (RuntimeException e) {
      batcher.close();
      throw e;
    }
    return new ServedModel(
        batcher,
        new BatcherEntry(batcher, options.queue()),
        new QueryReader(batcher.model(), batcher.vocabulary(), options.mostTokens()));
  }

  public Vocabulary vocabulary() {
    return batcher.vocabulary();
  }

  public ContinuousBatcher.Statistics statistics() {
    return batcher.statistics();
  }

  public QueryReader reader() {
    return reader;
  }

  /**
   * Answers the queries of a request, all or none. Whoever hangs up takes the queries out of the
   * batch; so does the failure of one of them.
   */
  public CompletableFuture<ImmutableList<Answer>> answer(
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
                () -> {
                  ImmutableList<Answer> answered =
                      answers.stream().map(CompletableFuture::join).collect(toImmutableList());
                  RequestLines.note(
                      context,
                      answered.size(),
                      answered.stream().mapToInt(Answer::iterations).sum());
                  all.complete(answered);
                });
    return all;
  }

  @Override
  public void close() {
    batcher.close();
  }
}
