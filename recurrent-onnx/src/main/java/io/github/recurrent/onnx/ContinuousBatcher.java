package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.graph.Query;
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
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Answers queries of any number of threads in batches in which every row is at an iteration of its
 * own: all iterations share their weights, so that a query joins at the next iteration and leaves
 * when it halts. Batches run side by side, in {@linkplain ExecutionOptions#lanes() lanes}, where
 * several bear more load than one on all threads.
 *
 * <p>Queries wait in a bounded queue, first come, first served. {@link #submit} waits while it is
 * full, {@link #offer} does not, or not for long; {@link #offerAll} takes several queries or none
 * of them. A future that is cancelled, or completed in whatever way, leaves the queue at once, or
 * the batch at the next iteration. Futures complete on the batcher's own threads unless {@link
 * BatchingOptions#completionExecutor()} says otherwise. If the runtime fails, the queries of its
 * batch fail with its error as their cause, and the others go on. Thread-safe.
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
    BatchWatch watch = new BatchWatch(options.listener());
    completions = new Completions(counters, watch, options.completionExecutor());
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
                        watch,
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
    return entered(waiting.offer(batched), 1) ? Optional.of(follow(batched)) : Optional.empty();
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
    return entered(waiting.offer(batched), 1)
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
    return entered(waiting.offer(batched, nanoseconds(patience)), 1)
        ? Optional.of(follow(batched))
        : Optional.empty();
  }

  /**
   * Submits queries unless too many others wait for all of these to wait too: all of them or none.
   *
   * @return the future answers in the order of the queries, each of which may be cancelled on its
   *     own; or nothing if the queue has no room for all
   * @throws IllegalArgumentException if there is no query, the model cannot take one, or there are
   *     more than the {@linkplain BatchingOptions#maxWaiting() greatest number that wait}
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<ImmutableList<CompletableFuture<Answer>>> offerAll(
      List<Query> queries, Halting halting) {
    ImmutableList<BatchedQuery> batched = batched(queries, number -> halting, false);
    return entered(waiting.offerAll(batched), batched.size())
        ? Optional.of(followAll(batched, this::follow))
        : Optional.empty();
  }

  /**
   * Submits queries, each of which must be answered within some time, unless too many others wait
   * for all of these to wait too: all of them or none.
   *
   * @return the future answers in the order of the queries, each of which may be cancelled on its
   *     own; or nothing if the queue has no room for all
   * @throws IllegalArgumentException if there is no query, the model cannot take one, or there are
   *     more than the {@linkplain BatchingOptions#maxWaiting() greatest number that wait}
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<ImmutableList<CompletableFuture<Answer>>> offerAll(
      List<Query> queries, Halting halting, Deadline deadline) {
    return offerAll(queries, number -> halting, deadline);
  }

  /**
   * Submits queries, each under a halting of its own and to be answered within some time, unless
   * too many others wait for all of these to wait too: all of them or none.
   *
   * @param haltings when each query halts, in the order of the queries
   * @return the future answers in the order of the queries, each of which may be cancelled on its
   *     own; or nothing if the queue has no room for all
   * @throws IllegalArgumentException if there is no query, there are not as many haltings as
   *     queries, the model cannot take a query, or there are more than the {@linkplain
   *     BatchingOptions#maxWaiting() greatest number that wait}
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<ImmutableList<CompletableFuture<Answer>>> offerAll(
      List<Query> queries, List<Halting> haltings, Deadline deadline) {
    checkArgument(
        haltings.size() == queries.size(),
        "%s queries need as many haltings, but there are %s",
        queries.size(),
        haltings.size());
    return offerAll(queries, haltings::get, deadline);
  }

  private Optional<ImmutableList<CompletableFuture<Answer>>> offerAll(
      List<Query> queries, IntFunction<Halting> haltings, Deadline deadline) {
    ImmutableList<BatchedQuery> batched = batched(queries, haltings, deadline.answersSoFar());
    return entered(waiting.offerAll(batched), batched.size())
        ? Optional.of(followAll(batched, query -> follow(query, deadline)))
        : Optional.empty();
  }

  /**
   * Submits queries, all of them or none, and waits for room for all while too many others wait,
   * but not longer than the patience lasts. How long the answers take is not bounded. Whoever comes
   * later waits behind them, so that they find room however many they are.
   *
   * @param patience how long to wait for room
   * @return the future answers in the order of the queries, each of which may be cancelled on its
   *     own; or nothing if the queue still has no room for all
   * @throws IllegalArgumentException if there is no query, the model cannot take one, or there are
   *     more than the {@linkplain BatchingOptions#maxWaiting() greatest number that wait}
   * @throws IllegalStateException if this batcher is closed
   * @throws InterruptedException if the thread is interrupted while it waits; no query is submitted
   *     then
   */
  public Optional<ImmutableList<CompletableFuture<Answer>>> offerAllPatiently(
      List<Query> queries, Halting halting, Duration patience) throws InterruptedException {
    ImmutableList<BatchedQuery> batched = batched(queries, number -> halting, false);
    return entered(waiting.offerAll(batched, nanoseconds(patience)), batched.size())
        ? Optional.of(followAll(batched, this::follow))
        : Optional.empty();
  }

  private ImmutableList<BatchedQuery> batched(
      List<Query> queries, IntFunction<Halting> haltings, boolean answersSoFar) {
    checkArgument(!queries.isEmpty(), "a request needs at least one query");
    checkArgument(
        queries.size() <= options.maxWaiting(),
        "a request of %s queries can never enter whole: at most %s may wait"
            + " (BatchingOptions.maxWaiting)",
        queries.size(),
        options.maxWaiting());
    ImmutableList.Builder<BatchedQuery> batched = ImmutableList.builder();
    int number = 0;
    for (Query query : queries) {
      try {
        batched.add(batched(query, haltings.apply(number), answersSoFar));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "query " + (number + 1) + " of " + queries.size() + ": " + e.getMessage(), e);
      }
      number++;
    }
    return batched.build();
  }

  private BatchedQuery batched(Query query, Halting halting, boolean answersSoFar) {
    int[] ids = vocabulary().encode(query);
    model().paddedLength(ids.length);
    return new BatchedQuery(
        model(), vocabulary(), ids, halting, answersSoFar, this::leaveUnlessDecided);
  }

  private static ImmutableList<CompletableFuture<Answer>> followAll(
      List<BatchedQuery> queries, Function<BatchedQuery, CompletableFuture<Answer>> follow) {
    return queries.stream().map(follow).collect(toImmutableList());
  }

  private boolean entered(boolean entered, int queries) {
    if (!entered) {
      counters.refuse(queries);
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

  /** Lets a query go as soon as its future is complete, whoever and however completed it. */
  private CompletableFuture<Answer> follow(BatchedQuery query) {
    CompletableFuture<Answer> unused =
        query
            .answer()
            .whenComplete(
                (answer, problem) -> {
                  completions.forget(query);
                  leaveUnlessDecided(query);
                });
    return query.answer();
  }

  /** Takes out a query whose future somebody else completes. */
  private void leaveUnlessDecided(BatchedQuery query) {
    if (query.decide()) {
      waiting.withdraw(query);
      completions.cancel(query);
    }
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
    Optional<Answer> soFar;
    try {
      soFar = query.soFar();
    } catch (Throwable e) {
      // A model whose logits are not numbers.
      completions.fail(query, e);
      return;
    }
    soFar.ifPresentOrElse(
        answer -> completions.answer(query, answer),
        () ->
            completions.expire(query, new TimeoutException("no answer within " + deadline.time())));
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
   * @param cancelled the number of queries whose futures were cancelled, or completed by others
   * @param expired the number of queries whose time was up without an answer
   * @param failed the number of queries that failed
   * @param refused the number of queries that found no room in the queue, and did not wait, or not
   *     long enough
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
      long cancelled,
      long expired,
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

  /**
   * Is told what a batcher does, so that a program can measure it: {@link
   * BatchingOptions#listener()}. Every method does nothing by default.
   *
   * <p>Several threads call the methods at once. They are the batcher's own, and those that cancel
   * futures; a method that takes long holds up queries. A listener never harms the batcher:
   * whatever it throws is reported once as a warning, by the {@link System.Logger} of this class's
   * name, and the listener is told what happens next all the same.
   */
  public interface Listener {
    /**
     * A batch had an iteration.
     *
     * @param rows the number of queries in it
     * @param tokens the number of their tokens together
     * @param time how long the runtime took
     */
    default void stepped(int rows, int tokens, Duration time) {}

    /** It is decided how a query ends that was submitted; its future completes next. */
    default void ended(End end) {}

    /**
     * A query that was submitted, and how it ended. Immutable and thread-safe.
     *
     * @param hops the number of its relations
     * @param iterations how many its answer had; 0 without an answer
     * @param waited the time from its submission to its first iteration, or to its end if it had
     *     none
     * @param ran the time from the beginning of its first iteration to its end
     * @param outcome how it ended
     */
    record End(int hops, int iterations, Duration waited, Duration ran, Outcome outcome) {}

    /** How a query ends. */
    enum Outcome {
      /** It halted, and is answered. */
      ANSWERED,
      /** Its time was up, and it is answered as far as it had come. */
      ANSWERED_SO_FAR,
      /** Its time was up, and it fails. */
      EXPIRED,
      /** Somebody cancelled its future, or completed it otherwise. */
      CANCELLED,
      /** The runtime, a halting rule or the model failed. */
      FAILED
    }
  }
}
