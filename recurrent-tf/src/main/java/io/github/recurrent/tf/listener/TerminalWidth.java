package io.github.recurrent.tf.listener;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/** The width of the terminal that this program's input and output are. */
final class TerminalWidth {
  private static final int USUAL = 80;
  private static final int LEAST = 20;

  private TerminalWidth() {}

  /** Returns the number of columns; 80 where nothing tells it. */
  static int columns() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      // "rows columns", and nothing if the input is not a terminal.
      return parse(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    } catch (IOException e) {
      return USUAL;
    }
  }

  static int parse(String size) {
    int blank = size.indexOf(' ');
    try {
      int columns = Integer.parseInt(size.substring(blank + 1));
      return blank > 0 && columns >= LEAST ? columns : USUAL;
    } catch (NumberFormatException e) {
      return USUAL;
    }
  }
}
