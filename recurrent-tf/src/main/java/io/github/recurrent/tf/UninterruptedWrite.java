package io.github.recurrent.tf;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Writes files on a thread of its own, which nobody can interrupt: an interrupt closes the channel
 * that a thread is writing to.
 */
final class UninterruptedWrite {
  private UninterruptedWrite() {}

  /** Writes files. */
  interface Writer {
    void write() throws IOException;
  }

  /** Writes, and returns when all is written; this thread stays interrupted if it was. */
  static void run(Writer writer) throws IOException {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              writer.write();
              return null;
            });
    new Thread(task, "training checkpoint").start();
    try {
      Uninterruptibles.getUninterruptibly(task);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) cause;
    }
  }
}
