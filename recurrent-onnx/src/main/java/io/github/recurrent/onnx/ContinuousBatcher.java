package io.github.recurrent.onnx;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.recurrent.dataset.Query;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.reasoning.Answer;
import io.github.recurrent.reasoning.Distribution;
import io.github.recurrent.reasoning.Halting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Answers queries of any number of threads in one batch, in which every row is at an iteration of
 * its own: all iterations share their weights, so that a query joins at the next iteration and
 * leaves when it halts.
 *
 * <p>Queries wait in a bounded queue, first come, first served. A future that is cancelled, or
 * completed in whatever way, leaves the batch at the next iteration. Futures complete on the
 * batcher's thread, so that what depends on them should be short. Thread-safe.
 */
public final class ContinuousBatcher implements AutoCloseable {
  private static final long IDLE_MILLIS = 50;

  private final ExportedModel exported;
  private final RuntimeSession session;
  private final LiveBatch batch;
  private final int maxRows;
  private final BlockingQueue<Task> waiting;
  private final Thread worker = new Thread(this::work, "recurrent-batcher");
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closed;

  @GuardedBy("this")
  private boolean sessionClosed;

  @GuardedBy("this")
  private final Map<Integer, Long> answeredByIterations = new TreeMap<>();

  @GuardedBy("this")
  private long steps;

  @GuardedBy("this")
  private long rowSteps;

  @GuardedBy("this")
  private long abandoned;

  private static final class Task {
    private final LiveBatch.Row row;
    private final Halting.Row halting;
    private final Halting rule;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    private Task(LiveBatch.Row row, Halting rule) {
      this.row = row;
      this.rule = rule;
      this.halting = rule.row();
    }
  }

  private ContinuousBatcher(
      ExportedModel exported, RuntimeSession session, BatchingOptions options) {
    this.exported = exported;
    this.session = session;
    batch = new LiveBatch(exported.metadata().model(), session);
    maxRows = options.maxRows();
    waiting = new LinkedBlockingQueue<>(options.maxWaiting());
    worker.setDaemon(true);
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote, to run on the CPU.
   *
   * @throws OnnxFormatException if a file is damaged, missing or of another export
   * @throws IOException if there is no such folder or a file cannot be read
   */
  public static ContinuousBatcher load(Path folder) throws IOException {
    return load(folder, BatchingOptions.builder().build(), ExecutionOptions.builder().build());
  }

  /**
   * Loads a folder that {@link OnnxExporter} wrote.
   *
   * @throws OnnxFormatException if a file is damaged, missing or of another export
   * @throws IOException if there is no such folder or a file cannot be read
   * @throws IllegalStateException if the device is not there
   */
  public static ContinuousBatcher load(
      Path folder, BatchingOptions options, ExecutionOptions execution) throws IOException {
    ExportedModel exported = ExportedModel.read(folder);
    ContinuousBatcher batcher =
        new ContinuousBatcher(exported, RuntimeSession.open(exported.step(), execution), options);
    batcher.worker.start();
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
   * Submits a query, and waits while too many others do.
   *
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed
   * @throws InterruptedException if the thread is interrupted while it waits; the query is not
   *     submitted then
   */
  public CompletableFuture<Answer> submit(Query query, Halting halting)
      throws InterruptedException {
    Task task = task(query, halting);
    lock.readLock().lock();
    try {
      requireOpen();
      waiting.put(task);
    } finally {
      lock.readLock().unlock();
    }
    return task.answer;
  }

  /**
   * Submits a query that must be answered within some time; otherwise its future completes with a
   * {@link java.util.concurrent.TimeoutException}.
   *
   * @throws IllegalArgumentException if the model cannot take the query, or the time is not
   *     positive
   * @throws IllegalStateException if this batcher is closed
   * @throws InterruptedException if the thread is interrupted while it waits; the query is not
   *     submitted then
   */
  public CompletableFuture<Answer> submit(Query query, Halting halting, Duration deadline)
      throws InterruptedException {
    checkArgument(deadline.toNanos() > 0, "the deadline must be positive, but is %s", deadline);
    return submit(query, halting).orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Submits a query unless too many others wait.
   *
   * @return the future answer, or nothing if the queue is full
   * @throws IllegalArgumentException if the model cannot take the query
   * @throws IllegalStateException if this batcher is closed
   */
  public Optional<CompletableFuture<Answer>> offer(Query query, Halting halting) {
    Task task = task(query, halting);
    lock.readLock().lock();
    try {
      requireOpen();
      return waiting.offer(task) ? Optional.of(task.answer) : Optional.empty();
    } finally {
      lock.readLock().unlock();
    }
  }

  private Task task(Query query, Halting halting) {
    int[] ids = vocabulary().encode(query);
    model().paddedLength(ids.length);
    return new Task(new LiveBatch.Row(model(), ids), halting);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this batcher is closed");
    }
  }

  private void work() {
    List<Task> live = new ArrayList<>();
    try {
      while (!(closed && live.isEmpty() && waiting.isEmpty())) {
        List<Task> kept = live.stream().filter(task -> !task.answer.isDone()).toList();
        List<Task> added = admit(maxRows - kept.size(), kept.isEmpty());
        count(live.size() - kept.size());
        live = new ArrayList<>(kept);
        live.addAll(added);
        if (!live.isEmpty()) {
          live = iterate(live, kept, added);
        }
      }
    } finally {
      batch.close();
    }
  }

  /** Takes waiting queries; if there is nothing else to do, waits a moment for one. */
  private List<Task> admit(int room, boolean idle) {
    List<Task> added = new ArrayList<>();
    waiting.drainTo(added, room);
    if (added.isEmpty() && idle) {
      try {
        Task next = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          added.add(next);
        }
      } catch (InterruptedException e) {
        // Nothing but this batcher has its thread, and it never interrupts it.
        throw new AssertionError(e);
      }
    }
    int all = added.size();
    added.removeIf(task -> task.answer.isDone());
    count(all - added.size());
    return added;
  }

  /** Runs an iteration and returns the rows that go on. */
  private List<Task> iterate(List<Task> live, List<Task> kept, List<Task> added) {
    float[] logits;
    try {
      logits = batch.iterate(rows(kept), rows(added));
    } catch (RuntimeException e) {
      batch.close();
      live.forEach(task -> task.answer.completeExceptionally(e));
      return new ArrayList<>();
    }
    int size = vocabulary().size();
    List<Task> next = new ArrayList<>();
    List<Integer> halted = new ArrayList<>();
    List<Runnable> completions = new ArrayList<>();
    for (int row = 0; row < live.size(); row++) {
      Task task = live.get(row);
      try {
        Distribution distribution =
            Distribution.ofLogits(Arrays.copyOfRange(logits, row * size, (row + 1) * size));
        if (task.halting.halts(distribution)) {
          int iterations = task.halting.iterations();
          Answer answer = Answer.of(vocabulary(), distribution, iterations, task.rule);
          halted.add(iterations);
          completions.add(() -> task.answer.complete(answer));
        } else {
          next.add(task);
        }
      } catch (RuntimeException e) {
        // A rule of the user's, or a model whose logits are no numbers.
        completions.add(() -> task.answer.completeExceptionally(e));
      }
    }
    // What an answer sets off finds it counted.
    count(live.size(), halted);
    completions.forEach(Runnable::run);
    return next;
  }

  private static List<LiveBatch.Row> rows(List<Task> tasks) {
    return tasks.stream().map(task -> task.row).toList();
  }

  private synchronized void count(int left) {
    abandoned += left;
  }

  private synchronized void count(int rows, List<Integer> halted) {
    steps++;
    rowSteps += rows;
    halted.forEach(iterations -> answeredByIterations.merge(iterations, 1L, Long::sum));
  }

  /** Returns what this batcher has done so far. */
  public synchronized Statistics statistics() {
    return new Statistics(
        waiting.size(),
        steps,
        steps == 0 ? 0 : (double) rowSteps / steps,
        abandoned,
        ImmutableSortedMap.copyOf(answeredByIterations));
  }

  /**
   * What a batcher has done.
   *
   * @param waiting the number of queries that wait now
   * @param steps the number of iterations of the batch
   * @param meanRows the mean number of rows of an iteration
   * @param abandoned the number of queries that were cancelled, or whose time was up
   * @param answered the number of queries that halted, by the iterations they had
   */
  public record Statistics(
      int waiting,
      long steps,
      double meanRows,
      long abandoned,
      ImmutableSortedMap<Integer, Long> answered) {}

  /**
   * Answers all queries that were submitted, and ends; closing again does nothing more.
   *
   * @throws IllegalStateException if a future's completion calls this: it cannot wait for itself
   */
  @Override
  public void close() {
    if (Thread.currentThread() == worker) {
      throw new IllegalStateException("a batcher cannot be closed by what its answers set off");
    }
    lock.writeLock().lock();
    try {
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
    Uninterruptibles.joinUninterruptibly(worker);
    closeSession();
  }

  private synchronized void closeSession() {
    if (!sessionClosed) {
      sessionClosed = true;
      session.close();
    }
  }
}
