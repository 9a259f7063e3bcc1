package io.github.recurrent.dataset;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Runs tasks in parallel whose results come in order. */
final class InOrder {
  private InOrder() {}

  /** A task, which may run in any thread. */
  @FunctionalInterface
  interface Task<T> {
    /** Returns the result of the task with a number. */
    T run(int number) throws IOException;
  }

  /** What became of a task: a parallel stream would wrap an error, or throw that of any task. */
  @FunctionalInterface
  private interface Outcome<T> {
    T get() throws IOException;
  }

  /**
   * Runs the tasks of a range of numbers, of which the last is excluded.
   *
   * @throws ClosedByInterruptException if this thread was interrupted before, as it stays
   * @throws IOException that of the first task that throws
   */
  static <T> List<T> run(int from, int to, Task<T> task) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    List<Outcome<T>> outcomes =
        IntStream.range(from, to).parallel().mapToObj(number -> outcome(task, number)).toList();
    List<T> results = new ArrayList<>(outcomes.size());
    for (Outcome<T> outcome : outcomes) {
      results.add(outcome.get());
    }
    return results;
  }

  private static <T> Outcome<T> outcome(Task<T> task, int number) {
    try {
      T result = task.run(number);
      return () -> result;
    } catch (IOException | RuntimeException | Error e) {
      return () -> {
        throw e;
      };
    }
  }
}
