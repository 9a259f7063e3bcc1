package io.github.recurrent.tf.internal.natives;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Filters what native code writes on the standard error stream of the process. Linux only. */
final class StandardError {
  private static final Logger LOG = System.getLogger(StandardError.class.getName());
  private static final int NUMBER = 2;
  private static final int CLOSE_ON_EXEC = 1;

  private StandardError() {}

  /**
   * Does something while standard error goes into memory, and then writes those of its lines that
   * are wanted. What other threads write meanwhile comes a little later, but is not lost.
   */
  static void filter(Runnable action, Predicate<String> wanted) {
    NativeLibrary c;
    int memory;
    int before;
    try {
      c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
      memory = call(c, "memfd_create", "standard error", CLOSE_ON_EXEC);
      before = memory < 0 ? -1 : call(c, "dup", NUMBER);
    } catch (LinkageError e) {
      LOG.log(Level.DEBUG, "cannot hold standard error back", e);
      action.run();
      return;
    }
    if (before < 0) {
      action.run();
      return;
    }
    try {
      call(c, "dup2", memory, NUMBER);
      action.run();
    } finally {
      call(c, "dup2", before, NUMBER);
      call(c, "close", before);
      write(memory, wanted);
      call(c, "close", memory);
    }
  }

  private static int call(NativeLibrary c, String function, Object... arguments) {
    return c.getFunction(function).invokeInt(arguments);
  }

  private static void write(int memory, Predicate<String> wanted) {
    try (InputStream said = new FileInputStream("/proc/self/fd/" + memory)) {
      // Of whatever charset: one byte, one character.
      String lines =
          new String(said.readAllBytes(), ISO_8859_1)
              .lines()
              .filter(wanted)
              .map(line -> line + "\n")
              .collect(Collectors.joining());
      System.err.write(lines.getBytes(ISO_8859_1));
      System.err.flush();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read back what was written on standard error", e);
    }
  }
}
