package io.github.recurrent.onnx;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.QueryBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Answers queries of any number of threads in batches in which every row is at an iteration of its
 * own: all iterations share their weights, so that a query joins at the next iteration and leaves
 * when it halts. Batches run side by side, in {@linkplain ExecutionOptions#lanes() lanes}, where
 * several bear more load than one on all threads.
 *
 * <p>Queries wait in a bounded queue, first come, first served. {@link #submit} waits while it is
 * full, {@link #offer} does not, or not for long. A future that is cancelled, or completed in
 * whatever way, leaves the queue at once, or the batch at the next iteration. Futures complete on
 * the batcher's own threads unless {@link BatchingOptions#completionExecutor()} says otherwise. If
 * the runtime fails, the queries of its batch fail with its error as their cause, and the others go
 * on. Thread-safe.
 */
public final class ContinuousBatcher implements AutoCloseable {
  /** How long closing waits for those who complete futures; it completes what is left then. */
  private static final long SECONDS_FOR_EXECUTOR = 1;

  private final ExportedModel exported;
  private final RuntimeSession session;
  private final StepRunner runner;
  private final BatchingOptions options;
  private final WaitingQueue<BatchedQuery> waiting;
  private final LaneLoads loads;
  private final BatchCounters counters = new BatchCounters();
  private final Completions completions;
  private final ImmutableList<BatchLane> lanes;
  private final ScheduledThreadPoolExecutor deadlines = deadlines();

  @GuardedBy("this")
  private boolean sessionClosed;

  private ContinuousBatcher(
      ExportedModel exported,
      RuntimeSession session,
      StepRunner runner,
      BatchingOptions options,
      int laneCount) {
    this.exported = exported;
    this.session = session;
    this.runner = runner;
    this.options = options;
    waiting = new WaitingQueue<>(options.maxWaiting());
    loads = new LaneLoads(laneCount, options.maxRows());
    completions = new Completions(counters, options.completionExecutor());
    lanes =
        IntStream.range(0, laneCount)
            .mapToObj(
                number ->
                    new BatchLane(
                        number,
                        new LiveBatch(exported.metadata().model(), runner),
                        waiting,
                        loads,
                        counters,
                        completions))
            .collect(toImmutableList());
  }

  private static final class DeadlineThread extends Thread {
    private DeadlineThread(Runnable task) {
      super(task, "recurrent-deadlines");
      setDaemon(true);
    }
  }

  private static ScheduledThreadPoolExecutor deadlines() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, DeadlineThread::new);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote, to run on the CPU.
   *
   * @throws FileFormatException if a file is damaged, missing or of another export
   * @throws IOException if the folder does not exist, a file cannot be read, or ONNX Runtime's
   *     native libraries cannot be unpacked into the temporary folder or loaded
   */
  public static ContinuousBatcher load(Path folder) throws IOException {
    return load(folder, BatchingOptions.builder().build(), ExecutionOptions.builder().build());
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote.
   *
   * @throws FileFormatException if a file is damaged, missing or of another export
   * @throws IOException if the folder does not exist, a file cannot be read, or ONNX Runtime's
   *     native libraries cannot be unpacked into the temporary folder or loaded
   * @throws IllegalStateException if the device is not there, or this is the first use of ONNX
   *     Runtime in the process and in a shutdown hook
   */
  public static ContinuousBatcher load(
      Path folder, BatchingOptions options, ExecutionOptions execution) throws IOException {
    ExportedModel exported = ExportedModel.read(folder);
    Lanes lanes = Lanes.ofBatcher(exported.metadata().model(), execution, options);
    RuntimeSession session = RuntimeSession.open(exported.step(), execution, lanes.threads());
    return start(exported, session, session, options, lanes.count());
  }

  /**
   * Returns a batcher that shares a reasoner's weights, lanes and threads. Either may be closed
   * before the other.
   *
   * @throws IllegalStateException if the reasoner is closed
   */
  public static ContinuousBatcher of(OnnxReasoner reasoner) {
    return of(reasoner, BatchingOptions.builder().build());
  }

  /**
   * Returns a batcher that shares a reasoner's weights, lanes and threads. Either may be closed
   * before the other.
   *
   * @throws IllegalStateException if the reasoner is closed
   */
  public static ContinuousBatcher of(OnnxReasoner reasoner, BatchingOptions options) {
    RuntimeSession session = reasoner.shareSession();
    return start(
        reasoner.exported(),
        session,
        session,
        options,
        reasoner.lanes().atMost(options.maxRows()).count());
  }

  /** Returns a batcher that runs something in the place of its session. */
  static ContinuousBatcher start(
      ExportedModel exported,
      RuntimeSession session,
      StepRunner runner,
      BatchingOptions options,
      int lanes) {
    ContinuousBatcher batcher = new ContinuousBatcher(exported, session, runner, options, lanes);
    batcher.lanes.forEach(BatchLane::start);
    return batcher;
  }

  /** Returns the specification of the model. */
  public RecurrentDepthTransformer model() {
    return exported.metadata().model();
  }

  /** Returns the tokens of the model. */
  public Vocabulary vocabulary() {
    return exported.metadata().vocabulary();
  }

  /**
   * Runs made-up queries in the calling thread, so that the first real ones need not wait for
   * memory and compiled code: 250 short ones, which take seconds with a model of the paper's size,
   * then as many as may run at once; statistics do not count them.
   *
   * @param hops the number of hops of the longest queries to come
   * @throws IllegalArgumentException if the model takes no so long queries
   * @throws IllegalStateException if this batcher is closed
   */
  public synchronized void warmUp(int hops) {
    if (sessionClosed) {
      throw new IllegalStateException("this batcher is closed");
    }
    try (LiveBatch batch = new LiveBatch(model(), runner)) {
      WarmUp.run(exported.metadata(), options.maxRows(), hops, queries -> warmUp(batch, queries));
    }
  }

  /** As rows begin, as they go on, and as they go on among the same rows. */
  private void warmUp(LiveBatch batch, QueryBatch queries) {
    List<LiveBatch.Row> rows =
        IntStream.range(0, queries.size())
            .mapToObj(row -> new LiveBatch.Row(model(), queries.ids(row)))
            .toList();
    batch.iterate(ImmutableList.of(), rows, 1, rows, true);
    batch.iterate(rows, ImmutableList.of(), 1, ImmutableList.of(), false);
    batch.iterate(rows, ImmutableList.of(), 1, rows, false);
  }

  /**
   * Answers a query, and waits for it; an interrupted query leaves the batch.
   *
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed, or a future's completion on the
   *     batcher's own thread calls this
   * @throws CompletionException if the query failed; the cause says why
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Answer answer(Query query, Halting halting) throws InterruptedException {
    requireOtherThread("wait for an answer");
    BatchedQuery batched = batched(query, halting, false);
    batched.await();
    try {
      return await(submit(batched));
    } catch (TimeoutException e) {
      throw new AssertionError("a query without a deadline was late", e);
    }
  }

  /**
   * Answers a query, and waits for it; an interrupted query leaves the batch.
   *
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed, or a future's completion on the
   *     batcher's own thread calls this
   * @throws CompletionException if the query failed; the cause says why
   * @throws InterruptedException if the thread is interrupted while it waits
   * @throws TimeoutException if the time is up, and the deadline says to fail or no iteration was
   *     complete
   */
  public Answer answer(Query query, Halting halting, Deadline deadline)
      throws InterruptedException, TimeoutException {
    requireOtherThread("wait for an answer");
    BatchedQuery batched = batched(query, halting, deadline.answersSoFar());
    batched.await();
    return await(submit(batched, deadline));
  }

  private static Answer await(CompletableFuture<Answer> future)
      throws InterruptedException, TimeoutException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException late) {
        throw late;
      }
      throw new CompletionException(e.getCause());
    }
  }

  /**
   * Submits a query, and waits while too many others do.
   *
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed, or the queue is full and a future's
   *     completion on the batcher's own thread calls this: it would wait for itself
   * @throws InterruptedException if the thread is interrupted while it waits; the query is not
   *     submitted then
   */
  public CompletableFuture<Answer> submit(Query query, Halting halting)
      throws InterruptedException {
    return submit(batched(query, halting, false));
  }

  private CompletableFuture<Answer> submit(BatchedQuery batched) throws InterruptedException {
    if (!waiting.offer(batched)) {
      requireOtherThread("wait for room in the queue");
      waiting.put(batched);
    }
    return follow(batched);
  }

  /**
   * Submits a query that must be answered within some time, in which this waits while too many
   * others do.
   *
   * @return the future answer, which fails with a {@link TimeoutException} when the time is up and
   *     the deadline says to fail, or no iteration was complete
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed, or the queue is full and a future's
   *     completion on the batcher's own thread calls this: it would wait for itself
   * @throws InterruptedException if the thread is interrupted while it waits; the query is not
   *     submitted then
   */
  public CompletableFuture<Answer> submit(Query query, Halting halting, Deadline deadline)
      throws InterruptedException {
    return submit(batched(query, halting, deadline.answersSoFar()), deadline);
  }

  private CompletableFuture<Answer> submit(BatchedQuery batched, Deadline deadline)
      throws InterruptedException {
    boolean entered = waiting.offer(batched);
    if (!entered) {
      requireOtherThread("wait for room in the queue");
      entered = waiting.offer(batched, nanoseconds(deadline.time()));
    }
    if (!entered) {
      timeUp(batched, deadline);
      return batched.answer();
    }
    return follow(batched, deadline);
  }

  /**
   * Submits a query unless too many others wait.
   *
   * @return the future answer, or nothing if the queue is full
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<CompletableFuture<Answer>> offer(Query query, Halting halting) {
    BatchedQuery batched = batched(query, halting, false);
    return entered(waiting.offer(batched)) ? Optional.of(follow(batched)) : Optional.empty();
  }

  /**
   * Submits a query that must be answered within some time, unless too many others wait.
   *
   * @return the future answer, or nothing if the queue is full
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<CompletableFuture<Answer>> offer(
      Query query, Halting halting, Deadline deadline) {
    BatchedQuery batched = batched(query, halting, deadline.answersSoFar());
    return entered(waiting.offer(batched))
        ? Optional.of(follow(batched, deadline))
        : Optional.empty();
  }

  /**
   * Submits a query, and waits for room while too many others wait, but not longer than the
   * patience lasts. How long the answer takes is not bounded.
   *
   * @param patience how long to wait for room
   * @return the future answer, or nothing if the queue is still full
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed
   * @throws InterruptedException if the thread is interrupted while it waits; the query is not
   *     submitted then
   */
  public Optional<CompletableFuture<Answer>> offerPatiently(
      Query query, Halting halting, Duration patience) throws InterruptedException {
    BatchedQuery batched = batched(query, halting, false);
    return entered(waiting.offer(batched, nanoseconds(patience)))
        ? Optional.of(follow(batched))
        : Optional.empty();
  }

  private BatchedQuery batched(Query query, Halting halting, boolean answersSoFar) {
    int[] ids = vocabulary().encode(query);
    model().paddedLength(ids.length);
    return new BatchedQuery(model(), vocabulary(), ids, halting, answersSoFar);
  }

  private boolean entered(boolean entered) {
    if (!entered) {
      counters.refuse();
    }
    return entered;
  }

  private static long nanoseconds(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0
        ? duration.toNanos()
        : Long.MAX_VALUE;
  }

  private void requireOtherThread(String what) {
    if (lanes.stream().anyMatch(BatchLane::isCurrentThread)) {
      throw new IllegalStateException(
          "what an answer sets off on the batcher's own thread cannot "
              + what
              + ": it would wait for itself; BatchingOptions.completionExecutor gives it another");
    }
  }

  /** Lets a query go as soon as its future is complete, whoever completed it. */
  private CompletableFuture<Answer> follow(BatchedQuery query) {
    CompletableFuture<Answer> unused =
        query
            .answer()
            .whenComplete(
                (answer, problem) -> {
                  completions.forget(query);
                  if (query.decide()) {
                    counters.abandon();
                    waiting.withdraw(query);
                  }
                });
    return query.answer();
  }

  private CompletableFuture<Answer> follow(BatchedQuery query, Deadline deadline) {
    long left = query.submitted() + nanoseconds(deadline.time()) - System.nanoTime();
    try {
      ScheduledFuture<?> timer =
          deadlines.schedule(() -> timeUp(query, deadline), left, TimeUnit.NANOSECONDS);
      CompletableFuture<Answer> unused =
          query.answer().whenComplete((answer, problem) -> timer.cancel(false));
    } catch (RejectedExecutionException closed) {
      // Closing answers all queries that entered, whatever their deadlines.
    }
    return follow(query);
  }

  private void timeUp(BatchedQuery query, Deadline deadline) {
    if (query.decide()) {
      waiting.withdraw(query);
      end(query, deadline);
    }
    if (!query.answer().isDone()) {
      completeLater(query);
    }
  }

  private void end(BatchedQuery query, Deadline deadline) {
    try {
      query
          .soFar()
          .ifPresentOrElse(
              answer -> completions.answer(query, answer),
              () ->
                  completions.abandon(
                      query, new TimeoutException("no answer within " + deadline.time())));
    } catch (Throwable e) {
      counters.fail();
      query.answer().completeExceptionally(e);
    }
  }

  /** Completes a query that an executor leaves as it is. */
  private void completeLater(BatchedQuery query) {
    try {
      ScheduledFuture<?> unused =
          deadlines.schedule(
              () -> completions.complete(query), SECONDS_FOR_EXECUTOR, TimeUnit.SECONDS);
    } catch (RejectedExecutionException closed) {
      // Closing completes all queries.
    }
  }

  /** Returns what this batcher has done so far. */
  public Statistics statistics() {
    return counters.snapshot(waiting.size(), loads.total());
  }

  /**
   * Takes no more queries, answers all that were submitted, and ends; closing again does nothing
   * more. Whoever waits for room in the queue is turned away. All futures are complete then: the
   * calling thread completes those that a completion executor was given and has not completed a
   * second later. A shutdown hook may call this, however long it takes.
   *
   * @throws IllegalStateException if a future's completion on the batcher's own thread calls this:
   *     it cannot wait for itself
   */
  @Override
  public void close() {
    requireOtherThread("close it");
    waiting.close();
    lanes.forEach(BatchLane::join);
    endDeadlines();
    completions.completeAll(SECONDS_FOR_EXECUTOR, TimeUnit.SECONDS);
    closeSession();
  }

  private void endDeadlines() {
    deadlines.shutdown();
    if (!(Thread.currentThread() instanceof DeadlineThread)) {
      boolean unused =
          Uninterruptibles.awaitTerminationUninterruptibly(
              deadlines, SECONDS_FOR_EXECUTOR, TimeUnit.SECONDS);
    }
  }

  private synchronized void closeSession() {
    if (!sessionClosed) {
      sessionClosed = true;
      session.close();
    }
  }

  /**
   * What a batcher has done since it was made. Immutable and thread-safe.
   *
   * @param waiting the number of queries that wait now
   * @param running the number of queries in all batches now
   * @param steps the number of iterations of all batches
   * @param meanRows the mean number of rows of an iteration of one batch
   * @param answered the number of queries that were answered, by the iterations they had
   * @param abandoned the number of queries that were cancelled, or whose time was up without an
   *     answer
   * @param failed the number of queries that failed
   * @param refused the number of queries that found the queue full, and did not wait
   * @param meanWait the mean time from a query's submission to its first iteration
   * @param longestWait the longest such time
   * @param elapsed the time since this batcher was made
   */
  public record Statistics(
      int waiting,
      int running,
      long steps,
      double meanRows,
      ImmutableSortedMap<Integer, Long> answered,
      long abandoned,
      long failed,
      long refused,
      Duration meanWait,
      Duration longestWait,
      Duration elapsed) {
    /** Returns the number of queries that were answered. */
    public long answers() {
      return answered.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the mean number of iterations of the queries that were answered; 0 if none was. */
    public double meanIterations() {
      long iterations = 0;
      for (var count : answered.entrySet()) {
        iterations += count.getKey() * count.getValue();
      }
      return answers() == 0 ? 0 : (double) iterations / answers();
    }

    /**
     * Returns the answers per second between an earlier snapshot and this one.
     *
     * @throws IllegalArgumentException if the other is not earlier
     */
    public double answersPerSecondSince(Statistics earlier) {
      Duration between = elapsed.minus(earlier.elapsed);
      if (between.isNegative() || between.isZero()) {
        throw new IllegalArgumentException(
            "a snapshot at " + earlier.elapsed + " is not earlier than one at " + elapsed);
      }
      return (answers() - earlier.answers()) / (between.toNanos() / 1e9);
    }
  }
}
