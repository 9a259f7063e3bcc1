package io.github.recurrent.examples.service.serving;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.examples.service.logging.RequestLines;
import io.github.recurrent.examples.service.metrics.IterationsByHops;
import io.github.recurrent.examples.service.metrics.Measures;
import io.github.recurrent.examples.service.metrics.ModelMeasures;
import io.github.recurrent.examples.service.request.Choices;
import io.github.recurrent.examples.service.request.QueryReader;
import io.github.recurrent.graph.Query;
import io.github.recurrent.onnx.BatchingOptions;
import io.github.recurrent.onnx.ContinuousBatcher;
import io.github.recurrent.onnx.ExecutionOptions;
import io.github.recurrent.reasoning.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A version of a model that is loaded, and takes requests until it is retired. It is closed when
 * the last request that uses it is answered. Thread-safe.
 */
public final class ServedModel implements AutoCloseable {
  private final String name;
  private final long version;
  private final ContinuousBatcher batcher;
  private final BatcherEntry entry;
  private final QueryReader reader;
  private final Measures measures;
  private final ModelMeasures measured;

  @GuardedBy("this")
  private int uses;

  @GuardedBy("this")
  private Runnable whenUnused = () -> {};

  /** Whoever closes this a second time waits until it is closed. */
  private final Object closing = new Object();

  @GuardedBy("closing")
  private boolean isClosed;

  private ServedModel(
      String name,
      long version,
      ContinuousBatcher batcher,
      ServingOptions options,
      Measures measures,
      ModelMeasures measured) {
    this.name = name;
    this.version = version;
    this.batcher = batcher;
    this.measures = measures;
    this.measured = measured;
    entry = new BatcherEntry(batcher, options.queue(), measured);
    reader = new QueryReader(batcher.model(), batcher.vocabulary(), options.mostTokens());
  }

  /** Loads a version of a model and warms it up. */
  public static ServedModel load(
      String name, long version, Path folder, ServingOptions options, Measures measures)
      throws IOException {
    ModelMeasures measured = measures.of(name, Long.toString(version));
    ContinuousBatcher batcher =
        ContinuousBatcher.load(
            folder,
            BatchingOptions.builder()
                .maxRows(options.batch())
                .maxWaiting(options.queue())
                .listener(measured)
                .build(),
            ExecutionOptions.builder().build());
    try {
      if (options.warmUpHops() > 0) {
        batcher.warmUp(options.warmUpHops());
      }
      ServedModel loaded = new ServedModel(name, version, batcher, options, measures, measured);
      measures.open(measured, batcher);
      return loaded;
    } catch (RuntimeException | Error e) {
      batcher.close();
      throw e;
    }
  }

  public String name() {
    return name;
  }

  /** Returns the version as answers show it. */
  public String version() {
    return Long.toString(version);
  }

  long number() {
    return version;
  }

  public Vocabulary vocabulary() {
    return batcher.vocabulary();
  }

  public ContinuousBatcher.Statistics statistics() {
    return batcher.statistics();
  }

  public IterationsByHops iterationsByHops() {
    return measured.iterationsByHops();
  }

  public QueryReader reader() {
    return reader;
  }

  /** Keeps this open until the request is answered. */
  void use(ServiceRequestContext context) {
    synchronized (this) {
      uses++;
    }
    ModelUse.begin(context, this, measured);
  }

  /** Ends one use. */
  void release() {
    Runnable next;
    synchronized (this) {
      uses--;
      next = uses == 0 ? whenUnused : () -> {};
    }
    next.run();
  }

  /** Runs something once nobody uses this any more; nobody may begin to from now on. */
  void retire(Runnable whenUnused) {
    synchronized (this) {
      if (uses > 0) {
        this.whenUnused = whenUnused;
        return;
      }
    }
    whenUnused.run();
  }

  /**
   * Answers the queries of a request, all or none. Whoever hangs up takes the queries out of the
   * batch; so does the failure of one of them.
   */
  public CompletableFuture<ImmutableList<Answer>> answer(
      ServiceRequestContext context, ImmutableList<Query> queries, Choices choices) {
    ModelUse use = ModelUse.of(context);
    use.entered();
    List<CompletableFuture<Answer>> answers;
    try {
      answers = entry.enter(queries, choices);
    } catch (RuntimeException e) {
      boolean unused = use.fail(e);
      throw e;
    }
    CompletableFuture<Void> unusedEnd =
        context.log().whenComplete().thenAccept(complete -> BatcherEntry.cancel(answers));
    CompletableFuture<ImmutableList<Answer>> all = new CompletableFuture<>();
    for (CompletableFuture<Answer> answer : answers) {
      CompletableFuture<Answer> unused =
          answer.whenComplete(
              (value, problem) -> {
                if (problem != null && use.fail(problem)) {
                  all.completeExceptionally(problem);
                  BatcherEntry.cancel(answers);
                }
              });
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .thenRun(
                () -> {
                  use.answered();
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
    synchronized (closing) {
      if (!isClosed) {
        isClosed = true;
        batcher.close();
        measures.close(measured, batcher);
      }
    }
  }
}
