package io.github.recurrent.tf.internal.natives;

import java.util.Arrays;

/** Tells threads that never come back: they end the virtual machine, and wait for its hooks. */
public final class ExitingThread {
  private ExitingThread() {}

  /** Returns whether a thread is within {@link System#exit}. */
  public static boolean is(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(Runtime.class.getName())
                    && frame.getMethodName().equals("exit"));
  }
}
