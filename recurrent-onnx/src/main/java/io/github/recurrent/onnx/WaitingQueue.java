package io.github.recurrent.onnx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;

/**
 * A bounded queue, first come, first served, whose elements can be withdrawn, and which can be
 * closed: then it takes no more, whoever waits for room is turned away, and what is left can still
 * be taken. Elements that come together enter together or not at all. Nobody overtakes who waits
 * for room, so that many come in beside few. Thread-safe.
 *
 * @param <E> elements, told apart by identity
 */
final class WaitingQueue<E> {
  private static final long FOREVER = Long.MAX_VALUE;

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();

  @GuardedBy("lock")
  private final Set<E> elements = new LinkedHashSet<>();

  /** Who waits for room, first come first. */
  @GuardedBy("lock")
  private final Set<Entrant> entrants = new LinkedHashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  /** A thread that waits for room, and is signaled when it is its turn. */
  private static final class Entrant {
    private final int count;
    private final Condition turn;

    private Entrant(int count, Condition turn) {
      this.count = count;
      this.turn = turn;
    }
  }

  WaitingQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds an element, and waits for room.
   *
   * @throws IllegalStateException if the queue is closed, now or while this waits
   */
  void put(E element) throws InterruptedException {
    boolean unused = offer(element, FOREVER);
  }

  /**
   * Adds an element if there is room within some time.
   *
   * @return whether there was
   * @throws IllegalStateException if the queue is closed, now or while this waits
   */
  boolean offer(E element, long nanoseconds) throws InterruptedException {
    return offerAll(List.of(element), nanoseconds);
  }

  /**
   * Adds an element if there is room at once.
   *
   * @return whether there was
   * @throws IllegalStateException if the queue is closed
   */
  boolean offer(E element) {
    return offerAll(List.of(element));
  }

  /**
   * Adds elements if there is room for all of them within some time.
   *
   * @return whether there was; none of them entered otherwise
   * @throws IllegalStateException if the queue is closed, now or while this waits
   */
  boolean offerAll(List<E> together, long nanoseconds) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return isNext(together.size()) ? add(together) : awaitTurn(together, nanoseconds);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds elements if there is room for all of them at once.
   *
   * @return whether there was; none of them entered otherwise
   * @throws IllegalStateException if the queue is closed
   */
  boolean offerAll(List<E> together) {
    lock.lock();
    try {
      return isNext(together.size()) && add(together);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a number of elements need not wait: there is room, or there never will be. */
  @GuardedBy("lock")
  private boolean isNext(int count) {
    return closed || (entrants.isEmpty() && hasRoom(count));
  }

  @GuardedBy("lock")
  private boolean hasRoom(int count) {
    return count <= capacity - elements.size();
  }

  @GuardedBy("lock")
  private boolean awaitTurn(List<E> together, long nanoseconds) throws InterruptedException {
    Entrant entrant = new Entrant(together.size(), lock.newCondition());
    entrants.add(entrant);
    try {
      long left = nanoseconds;
      while (!closed && !(isFirst(entrant) && hasRoom(entrant.count))) {
        if (left <= 0) {
          return false;
        }
        if (nanoseconds == FOREVER) {
          entrant.turn.await();
        } else {
          left = entrant.turn.awaitNanos(left);
        }
      }
      return add(together);
    } finally {
      entrants.remove(entrant);
      signalFirst();
    }
  }

  @GuardedBy("lock")
  private boolean isFirst(Entrant entrant) {
    return entrants.iterator().next() == entrant;
  }

  /** Wakes who came first, if there is room. */
  @GuardedBy("lock")
  private void signalFirst() {
    Iterator<Entrant> next = entrants.iterator();
    if (next.hasNext()) {
      Entrant first = next.next();
      if (hasRoom(first.count)) {
        first.turn.signal();
      }
    }
  }

  @GuardedBy("lock")
  private boolean add(List<E> together) {
    if (closed) {
      throw new IllegalStateException("this batcher is closed");
    }
    for (E element : together) {
      elements.add(element);
      filled.signal();
    }
    return true;
  }

  /**
   * Takes elements, oldest first; waits for one if told to.
   *
   * @param most gives how many to take at most of as many as wait; not asked while none does
   * @return none if none is there, or the queue is closed and empty
   */
  List<E> take(IntUnaryOperator most, boolean waits) {
    lock.lock();
    try {
      while (waits && !closed && elements.isEmpty()) {
        filled.awaitUninterruptibly();
      }
      List<E> taken = new ArrayList<>();
      int count = elements.isEmpty() ? 0 : most.applyAsInt(elements.size());
      for (Iterator<E> next = elements.iterator(); next.hasNext() && taken.size() < count; ) {
        taken.add(next.next());
        next.remove();
      }
      signalFirst();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes an element out, if it is still there. */
  boolean withdraw(E element) {
    lock.lock();
    try {
      boolean was = elements.remove(element);
      signalFirst();
      return was;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return elements.size();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosedAndEmpty() {
    lock.lock();
    try {
      return closed && elements.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      entrants.forEach(entrant -> entrant.turn.signal());
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
