package io.github.recurrent.onnx;

import java.util.regex.Pattern;

/**
 * Runs the checker of interleavings where other programs may keep the processors busy.
 *
 * <p>The checker tells that threads wait for ever by what they wait for, and then shows the way
 * there. But it also gives up an interleaving that takes 30 seconds, which no option changes, and
 * calls that by the same name. It can take so long where classes are loaded and prepared, and says
 * nothing about the code.
 */
final class Checker {
  private static final int ATTEMPTS = 4;

  /** A time limit alone leaves no trace, or only a dump of the threads. */
  private static final Pattern TIME_LIMIT =
      Pattern.compile("= Concurrent test has hung =\\s*\\z|hung, see the thread dump");

  private Checker() {}

  static void run(Runnable check) {
    for (int attempt = 1; ; attempt++) {
      try {
        check.run();
        return;
      } catch (AssertionError e) {
        if (attempt == ATTEMPTS || !TIME_LIMIT.matcher(String.valueOf(e.getMessage())).find()) {
          throw e;
        }
      }
    }
  }
}
