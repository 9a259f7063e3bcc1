package io.github.recurrent.examples.experiments;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Runs trainings of small models at once, as many as there are processors: the steps of one leave
 * them idle in part. On two virtual processors of one core two trainings at once made 1.24 to 1.32
 * times as many updates as one after the other, with the same losses bit for bit.
 */
public final class TrainingsAtOnce {
  static final int THREADS = Runtime.getRuntime().availableProcessors();

  private TrainingsAtOnce() {}

  /**
   * Returns what trainings return, in their order. Where one fails, the others are interrupted.
   *
   * @throws IOException if one of them does, or this thread is interrupted
   */
  public static <T> ImmutableList<T> run(List<? extends Callable<T>> trainings) throws IOException {
    ListeningExecutorService executor =
        MoreExecutors.listeningDecorator(Executors.newFixedThreadPool(THREADS));
    try {
      return ImmutableList.copyOf(
          Futures.allAsList(trainings.stream().map(executor::submit).toList()).get());
    } catch (ExecutionException e) {
      throw new IOException("a training failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before all trainings were at their end");
    } finally {
      executor.shutdownNow();
    }
  }
}
