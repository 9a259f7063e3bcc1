package io.github.recurrent.internal.triples;

import java.util.Arrays;

/** The lines of triples: one number for each run of triples on lines that follow one another. */
final class LineNumbers {
  private int[] firsts = new int[4];
  private long[] lines = new long[4];
  private int runs;
  private long last = -1;

  /** Adds the line of the next triple. */
  void add(int triple, long line) {
    if (line != last + 1) {
      if (runs == firsts.length) {
        firsts = Arrays.copyOf(firsts, 2 * runs);
        lines = Arrays.copyOf(lines, 2 * runs);
      }
      firsts[runs] = triple;
      lines[runs++] = line;
    }
    last = line;
  }

  long line(int triple) {
    int found = Arrays.binarySearch(firsts, 0, runs, triple);
    int run = found >= 0 ? found : -found - 2;
    return lines[run] + (triple - firsts[run]);
  }
}
