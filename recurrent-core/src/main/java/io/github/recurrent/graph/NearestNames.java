package io.github.recurrent.graph;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The names that are most like one that does not exist, by the number of letters to insert, delete
 * or replace. The work is bounded, so that who asks for unknown names cannot keep a service busy.
 */
public final class NearestNames {
  private static final int COUNT = 3;

  /** What is longer is not a slip of the finger: only this much of a name is compared. */
  private static final int LONGEST_COMPARED = 64;

  private static final int MOST_COMPARED = 1 << 18;

  private NearestNames() {}

  /**
   * Returns the three names that are most like one, the nearest first, and of equal ones the first
   * first; fewer if there are no more. Of long names the beginnings are compared, and of more than
   * 262,144 names some that are spread evenly.
   *
   * @param count the number of names
   * @param names the name of each number from 0 on
   * @throws IllegalArgumentException if the count is negative
   */
  public static ImmutableList<String> of(String wanted, int count, IntFunction<String> names) {
    checkArgument(count >= 0, "a number of names must be at least 0, but is %s", count);
    Pattern pattern = new Pattern(cut(wanted));
    int compared = Math.min(count, MOST_COMPARED);
    Nearest nearest = new Nearest();
    for (int index = 0; index < compared; index++) {
      String name = names.apply((int) ((long) index * count / compared));
      String start = cut(name);
      // The lengths alone bound the distance, which saves most of the comparisons.
      if (Math.abs(start.length() - pattern.length) < nearest.farthest()) {
        nearest.add(name, pattern.distance(start));
      }
    }
    return nearest.names();
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_COMPARED ? text : text.substring(0, LONGEST_COMPARED);
  }

  /** The nearest names so far, in ascending order of their distance. */
  private static final class Nearest {
    private final String[] found = new String[COUNT];
    private final int[] distances = new int[COUNT];
    private int size;

    /** Returns the distance that a name must be below. */
    int farthest() {
      return size < COUNT ? Integer.MAX_VALUE : distances[COUNT - 1];
    }

    void add(String name, int distance) {
      if (distance >= farthest()) {
        return;
      }
      int place = Math.min(size, COUNT - 1);
      for (; place > 0 && distances[place - 1] > distance; place--) {
        found[place] = found[place - 1];
        distances[place] = distances[place - 1];
      }
      found[place] = name;
      distances[place] = distance;
      size = Math.min(size + 1, COUNT);
    }

    ImmutableList<String> names() {
      ImmutableList.Builder<String> names = ImmutableList.builder();
      for (int index = 0; index < size; index++) {
        names.add(found[index]);
      }
      return names.build();
    }
  }

  /**
   * A text of at most 64 letters that others are compared with, all letters of a column at once:
   * the bits of a word are the differences between neighbors in a column of the table of distances
   * (Myers 1999, in the form of Hyyrö 2003).
   */
  private static final class Pattern {
    private static final int LATIN = 256;

    /** The places of each letter, a bit each. */
    private final long[] latin = new long[LATIN];

    private final Map<Character, Long> others = new HashMap<>();
    private final int length;

    Pattern(String text) {
      length = text.length();
      for (int index = 0; index < length; index++) {
        char letter = text.charAt(index);
        if (letter < LATIN) {
          latin[letter] |= 1L << index;
        } else {
          others.merge(letter, 1L << index, (one, other) -> one | other);
        }
      }
    }

    int distance(String text) {
      if (length == 0) {
        return text.length();
      }
      long last = 1L << (length - 1);
      long higher = -1;
      long lower = 0;
      int distance = length;
      for (int index = 0; index < text.length(); index++) {
        char letter = text.charAt(index);
        long equal = letter < LATIN ? latin[letter] : others.getOrDefault(letter, 0L);
        long vertical = equal | lower;
        long horizontal = (((equal & higher) + higher) ^ higher) | equal;
        long rises = lower | ~(horizontal | higher);
        long falls = higher & horizontal;
        distance += (rises & last) != 0 ? 1 : 0;
        distance -= (falls & last) != 0 ? 1 : 0;
        rises = (rises << 1) | 1;
        falls <<= 1;
        higher = falls | ~(vertical | rises);
        lower = rises & vertical;
      }
      return distance;
    }
  }
}
