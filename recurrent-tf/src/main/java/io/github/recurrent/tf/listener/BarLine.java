package io.github.recurrent.tf.listener;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * The line of a terminal on which a bar is drawn, and which is empty again once that is closed.
 *
 * <p>Its width is given, as the library of the bar else opens a terminal of its own to ask it; that
 * takes the signal of Ctrl-C from the virtual machine, which then ends without its hooks.
 */
final class BarLine extends ConsoleProgressBarConsumer {
  private final PrintStream out;

  BarLine(PrintStream out, int columns) {
    // A character in the last column would wrap.
    super(out, columns - 1);
    this.out = out;
  }

  @Override
  public void close() {
    out.flush();
  }
}
