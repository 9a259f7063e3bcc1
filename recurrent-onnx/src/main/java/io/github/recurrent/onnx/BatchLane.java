package io.github.recurrent.onnx;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.reasoning.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One of the batches of a {@link ContinuousBatcher} that run side by side: a thread that calls the
 * runtime for rows of its own, and takes more of those that wait before every iteration.
 */
final class BatchLane {
  private static final long MILLISECONDS_BETWEEN_LOOKS = 50;

  private final int number;
  private final LiveBatch batch;
  private final WaitingQueue<BatchedQuery> waiting;
  private final LaneLoads loads;
  private final BatchCounters counters;
  private final BatchWatch watch;
  private final Completions completions;

  /** The ends of queries that are decided, and still to be told. */
  private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

  /** The rows of the iteration under way. */
  private volatile List<BatchedQuery> iterating = List.of();

  /** The rows that go on after it. */
  private volatile List<BatchedQuery> live = List.of();

  private volatile Thread thread;

  /**
   * @param number of this lane, from 0
   */
  BatchLane(
      int number,
      LiveBatch batch,
      WaitingQueue<BatchedQuery> waiting,
      LaneLoads loads,
      BatchCounters counters,
      BatchWatch watch,
      Completions completions) {
    this.number = number;
    this.batch = batch;
    this.waiting = waiting;
    this.loads = loads;
    this.counters = counters;
    this.watch = watch;
    this.completions = completions;
    thread = new Thread(this::work, "recurrent-batcher-" + number);
    thread.setDaemon(true);
  }

  /** Begins to answer; ends when the queue is closed and empty. */
  void start() {
    thread.start();
  }

  /** Returns whether the calling thread is this lane's own. */
  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  /**
   * Waits until this has ended. If its thread ends the virtual machine, in a rule or in what an
   * answer sets off, it never comes back, and may wait for who calls this; another thread goes on.
   */
  void join() {
    while (thread.isAlive()) {
      Thread joined = thread;
      Uninterruptibles.joinUninterruptibly(
          joined, MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
      if (joined.isAlive() && ExitingThread.is(joined)) {
        replace(joined);
      }
    }
  }

  private synchronized void replace(Thread exiting) {
    if (thread == exiting) {
      Thread next = new Thread(this::goOn, exiting.getName());
      next.setDaemon(true);
      next.start();
      thread = next;
    }
  }

  /** Goes on where another thread stays for ever: in a rule, or in what an answer set off. */
  private void goOn() {
    failAll(
        iterating, new IllegalStateException("a halting rule ended the virtual machine meanwhile"));
    iterating = List.of();
    end();
    work();
  }

  private void work() {
    try {
      while (!(live.isEmpty() && waiting.isClosedAndEmpty())) {
        step();
      }
    } finally {
      batch.close();
      loads.set(number, 0);
      waiting.close();
      IllegalStateException ended = new IllegalStateException("the batcher has ended");
      failAll(live, ended);
      failAll(waiting.take(count -> count, false), ended);
    }
  }

  /** Takes more rows, runs an iteration, and tells the ends of those that halt. */
  private void step() {
    List<BatchedQuery> taken = waiting.take(count -> loads.admit(number, count), live.isEmpty());
    // Each is asked once: a query that is decided between two checks would count as both.
    List<BatchedQuery> kept = undecided(live);
    List<BatchedQuery> added = undecided(taken);
    List<BatchedQuery> rows = new ArrayList<>(kept);
    rows.addAll(added);
    iterating = rows;
    live = List.of();
    try {
      // A dependent of an answer may have interrupted its thread, which is this one.
      Thread.interrupted();
      added.forEach(BatchedQuery::begin);
      counters.admit(added);
      loads.set(number, rows.size());
      if (!rows.isEmpty()) {
        live = iterate(kept, added, rows);
      }
    } catch (Throwable e) {
      // The runtime's failure is that of all rows; what else may fail here is out of memory.
      batch.close();
      loads.set(number, 0);
      failAll(rows, e);
    }
    iterating = List.of();
    end();
  }

  private static List<BatchedQuery> undecided(List<BatchedQuery> queries) {
    List<BatchedQuery> undecided = new ArrayList<>(queries);
    undecided.removeIf(BatchedQuery::isDecided);
    return undecided;
  }

  /** Runs an iteration and returns the rows that go on. */
  private List<BatchedQuery> iterate(
      List<BatchedQuery> kept, List<BatchedQuery> added, List<BatchedQuery> rows) {
    List<BatchedQuery> read = new ArrayList<>();
    boolean states = false;
    int tokens = 0;
    for (BatchedQuery query : rows) {
      tokens += query.tokens();
      if (query.reads()) {
        read.add(query);
        states |= query.halting().looksAtHiddenState();
      }
    }
    long begin = System.nanoTime();
    Readings readings = batch.iterate(kept, added, 1, read, states);
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    counters.step(rows.size());
    List<BatchedQuery> next = new ArrayList<>();
    int index = 0;
    for (BatchedQuery query : rows) {
      int place = query.reads() ? index++ : -1;
      try {
        Optional<Answer> answer = query.next(readings, place);
        if (answer.isPresent()) {
          ends.add(() -> succeed(query, answer.get()));
        } else {
          next.add(query);
        }
      } catch (Throwable e) {
        // A rule of the user's, or a model whose logits are not numbers.
        ends.add(() -> fail(query, e));
      }
    }
    // What an answer sets off finds it counted, and its row gone.
    loads.set(number, next.size());
    watch.step(rows.size(), tokens, time);
    return next;
  }

  private void end() {
    for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
      end.run();
    }
  }

  private void succeed(BatchedQuery query, Answer answer) {
    if (query.decide()) {
      surely(query, () -> completions.answer(query, answer));
    }
  }

  private void fail(BatchedQuery query, Throwable cause) {
    if (query.decide()) {
      surely(query, () -> completions.fail(query, cause));
    }
  }

  private void failAll(List<BatchedQuery> queries, Throwable cause) {
    queries.forEach(query -> fail(query, cause));
  }

  /** Completes a query with whatever keeps it from completing. */
  private static void surely(BatchedQuery query, Runnable completion) {
    try {
      completion.run();
    } catch (Throwable e) {
      query.answer().completeExceptionally(e);
    }
  }
}
