package io.github.recurrent.examples.service.request;

import static java.util.Comparator.comparingInt;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** The names that are most like one that does not exist, by the number of letters to change. */
final class NearestNames {
  private static final int COUNT = 3;

  /** What is longer is no slip of a finger: only this much of it is compared. */
  private static final int LONGEST_COMPARED = 64;

  private NearestNames() {}

  /** Returns three names, the nearest first; fewer if there are no more. */
  static ImmutableList<String> of(String wanted, List<String> names) {
    String compared = cut(wanted);
    record Near(String name, int distance) {}
    return names.stream()
        .map(name -> new Near(name, distance(compared, cut(name))))
        .sorted(comparingInt(Near::distance))
        .limit(COUNT)
        .map(Near::name)
        .collect(ImmutableList.toImmutableList());
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_COMPARED));
  }

  /** Returns the number of letters to insert, delete or replace to turn one text into another. */
  private static int distance(String from, String to) {
    int[] before = new int[to.length() + 1];
    for (int column = 0; column < before.length; column++) {
      before[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] now = new int[before.length];
      now[0] = row;
      for (int column = 1; column < now.length; column++) {
        int replaced = before[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        now[column] = Math.min(replaced, Math.min(before[column], now[column - 1]) + 1);
      }
      before = now;
    }
    return before[to.length()];
  }
}
