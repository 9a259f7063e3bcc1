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
 * be taken. Thread-safe.
 *
 * @param <E> elements, told apart by identity
 */
final class WaitingQueue<E> {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition filled = lock.newCondition();

  @GuardedBy("lock")
  private final Set<E> elements = new LinkedHashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  WaitingQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds an element, and waits for room.
   *
   * @throws IllegalStateException if the queue is closed, now or while this waits
   */
  void put(E element) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && elements.size() >= capacity) {
        room.await();
      }
      add(element);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds an element if there is room within some time.
   *
   * @return whether there was
   * @throws IllegalStateException if the queue is closed, now or while this waits
   */
  boolean offer(E element, long nanoseconds) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanoseconds;
      while (!closed && elements.size() >= capacity) {
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      add(element);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds an element if there is room at once.
   *
   * @return whether there was
   * @throws IllegalStateException if the queue is closed
   */
  boolean offer(E element) {
    lock.lock();
    try {
      if (!closed && elements.size() >= capacity) {
        return false;
      }
      add(element);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void add(E element) {
    if (closed) {
      throw new IllegalStateException("this batcher is closed");
    }
    elements.add(element);
    filled.signal();
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
        room.signal();
      }
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
      if (was) {
        room.signal();
      }
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
      room.signalAll();
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
