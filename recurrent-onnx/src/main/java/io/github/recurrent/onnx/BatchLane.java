package io.github.recurrent.onnx;

import com.google.common.util.concurrent.Uninterruptibles;
import io.github.recurrent.reasoning.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the batches of a {@link ContinuousBatcher} that run side by side: a thread that calls the
 * runtime for rows of its own, and takes more of those that wait before every iteration.
 */
final class BatchLane {
  private final int number;
  private final LiveBatch batch;
  private final WaitingQueue<BatchedQuery> waiting;
  private final LaneLoads loads;
  private final BatchCounters counters;
  private final Completions completions;
  private final Thread thread;

  /**
   * @param number of this lane, from 0
   */
  BatchLane(
      int number,
      LiveBatch batch,
      WaitingQueue<BatchedQuery> waiting,
      LaneLoads loads,
      BatchCounters counters,
      Completions completions) {
    this.number = number;
    this.batch = batch;
    this.waiting = waiting;
    this.loads = loads;
    this.counters = counters;
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

  /** Waits until this has ended. */
  void join() {
    Uninterruptibles.joinUninterruptibly(thread);
  }

  private void work() {
    List<BatchedQuery> live = new ArrayList<>();
    try {
      while (!(live.isEmpty() && waiting.isClosedAndEmpty())) {
        List<BatchedQuery> added =
            waiting.take(count -> loads.admit(number, count), live.isEmpty());
        // A dependent of an answer may have interrupted its thread, which is this one.
        Thread.interrupted();
        counters.admit(added);
        live.removeIf(BatchedQuery::isDecided);
        added.removeIf(BatchedQuery::isDecided);
        loads.set(number, live.size() + added.size());
        if (!live.isEmpty() || !added.isEmpty()) {
          live = iterate(live, added);
        }
      }
    } finally {
      batch.close();
      loads.set(number, 0);
      waiting.close();
      live.addAll(waiting.take(count -> count, false));
      live.forEach(query -> fail(query, new IllegalStateException("the batcher has ended")));
    }
  }

  /** Runs an iteration and returns the rows that go on. */
  private List<BatchedQuery> iterate(List<BatchedQuery> kept, List<BatchedQuery> added) {
    List<BatchedQuery> live = new ArrayList<>(kept);
    live.addAll(added);
    List<BatchedQuery> read = new ArrayList<>();
    boolean states = false;
    for (BatchedQuery query : live) {
      if (query.reads()) {
        read.add(query);
        states |= query.halting().looksAtHiddenState();
      }
    }
    Readings readings;
    try {
      readings = batch.iterate(kept, added, 1, read, states);
    } catch (Throwable e) {
      batch.close();
      loads.set(number, 0);
      live.forEach(query -> fail(query, e));
      return new ArrayList<>();
    }
    counters.step(live.size());
    List<BatchedQuery> next = new ArrayList<>();
    List<Runnable> ends = new ArrayList<>();
    int index = 0;
    for (BatchedQuery query : live) {
      int place = query.reads() ? index++ : -1;
      try {
        Optional<Answer> answer = query.next(readings, place);
        if (answer.isPresent()) {
          ends.add(() -> succeed(query, answer.get()));
        } else {
          next.add(query);
        }
      } catch (Throwable e) {
        // A rule of the user's, or a model whose logits are no numbers.
        ends.add(() -> fail(query, e));
      }
    }
    // What an answer sets off finds it counted, and its row gone.
    loads.set(number, next.size());
    ends.forEach(Runnable::run);
    return next;
  }

  private void succeed(BatchedQuery query, Answer answer) {
    if (query.decide()) {
      completions.answer(query, answer);
    }
  }

  private void fail(BatchedQuery query, Throwable cause) {
    if (query.decide()) {
      completions.fail(query, cause);
    }
  }
}
