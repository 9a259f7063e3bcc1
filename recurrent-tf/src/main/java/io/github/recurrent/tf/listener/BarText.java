package io.github.recurrent.tf.listener;

import com.google.common.base.Strings;
import java.nio.charset.Charset;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * Draws a bar of one width, which leaves the rest of a narrow terminal's line to the words. It
 * fills the line, so that nothing is left of longer words that stood there.
 */
final class BarText implements ProgressBarRenderer {
  private static final int CELLS = 16;
  private static final String BLOCKS = " ▏▎▍▌▋▊▉█";
  private static final String ASCII = " #";

  /** A cell from empty to full. */
  private final String cells;

  /**
   * @param charset that of the console
   */
  BarText(Charset charset) {
    cells = charset.newEncoder().canEncode(BLOCKS) ? BLOCKS : ASCII;
  }

  @Override
  public String render(ProgressState state, int columns) {
    String line = state.getTaskName() + " [" + bar(state.getNormalizedProgress()) + "] ";
    String words = state.getExtraMessage();
    int room = Math.max(0, columns - line.length());
    return Strings.padEnd(line + words.substring(0, Math.min(room, words.length())), columns, ' ');
  }

  private String bar(double share) {
    int steps = cells.length() - 1;
    int filled = (int) (steps * CELLS * Math.min(1, Math.max(0, share)));
    String full = cells.substring(steps).repeat(filled / steps);
    String bar = filled < steps * CELLS ? full + cells.charAt(filled % steps) : full;
    return Strings.padEnd(bar, CELLS, ' ');
  }
}
