package io.github.recurrent.internal.storage;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Finds the names that are most like one that does not exist, by the number of bytes of UTF-8 to
 * insert, delete or replace. The work is bounded, so that who asks for unknown names cannot keep a
 * service busy: of many names, some that are spread evenly are compared.
 */
public final class NearestNames {
  private static final int COUNT = 3;

  /**
   * What is longer is no slip of a finger: only this much of it is compared, a bit for each byte.
   */
  private static final int LONGEST_COMPARED = Long.SIZE;

  private static final int MOST_COMPARED = 1 << 18;

  /** Bit i of a byte's mask says whether the wanted name has the byte at i. */
  private final long[] masks = new long[1 << Byte.SIZE];

  private final int wantedLength;
  private final int[] nearest = new int[COUNT];
  private final int[] distances = new int[COUNT];
  private int found;

  private NearestNames(String wanted) {
    byte[] bytes =
        wanted
            .substring(0, Math.min(wanted.length(), LONGEST_COMPARED))
            .getBytes(StandardCharsets.UTF_8);
    wantedLength = Math.min(bytes.length, LONGEST_COMPARED);
    for (int index = 0; index < wantedLength; index++) {
      masks[Byte.toUnsignedInt(bytes[index])] |= 1L << index;
    }
    Arrays.fill(distances, Integer.MAX_VALUE);
  }

  /**
   * Returns the three names that are most like one, the nearest first, and of equal ones the first
   * first; fewer if there are no more. Of long names the beginnings are compared, and of more than
   * 262,144 names some that are spread evenly.
   *
   * @param count the number of names
   * @param name the name of each number from 0 on
   * @throws IllegalArgumentException if the count is negative
   */
  public static ImmutableList<String> of(String wanted, int count, IntFunction<String> name) {
    checkArgument(count >= 0, "a number of names must be at least 0, but is %s", count);
    NearestNames nearest = new NearestNames(wanted);
    int compared = Math.min(count, MOST_COMPARED);
    for (int step = 0; step < compared; step++) {
      int index = (int) ((long) step * count / compared);
      byte[] bytes = name.apply(index).getBytes(StandardCharsets.UTF_8);
      nearest.offer(index, bytes, 0, bytes.length);
    }
    return nearest.names(name);
  }

  /** Returns three names, the nearest first; fewer if there are no more. */
  public static ImmutableList<String> of(String wanted, NameTable names) {
    NearestNames nearest = new NearestNames(wanted);
    int compared = Math.min(names.size(), MOST_COMPARED);
    for (int step = 0; step < compared; step++) {
      int index = (int) ((long) step * names.size() / compared);
      nearest.offer(index, names.bytes(), names.start(index), names.end(index));
    }
    return nearest.names(names::name);
  }

  private ImmutableList<String> names(IntFunction<String> name) {
    return Arrays.stream(nearest, 0, found).mapToObj(name).collect(ImmutableList.toImmutableList());
  }

  private void offer(int name, byte[] bytes, int from, int to) {
    int end = Math.min(to, from + LONGEST_COMPARED);
    // So many bytes at least must be inserted or deleted.
    if (Math.abs(end - from - wantedLength) >= distances[COUNT - 1]) {
      return;
    }
    int distance = distance(bytes, from, end);
    int place = found;
    while (place > 0 && distances[place - 1] > distance) {
      place--;
    }
    if (place == COUNT) {
      return;
    }
    found = Math.min(found + 1, COUNT);
    for (int later = found - 1; later > place; later--) {
      nearest[later] = nearest[later - 1];
      distances[later] = distances[later - 1];
    }
    nearest[place] = name;
    distances[place] = distance;
  }

  /**
   * Returns the edit distance by Myers' algorithm: a column of the table of distances is held as
   * the bits of where it rises and falls, and a byte of the name takes a dozen operations.
   */
  private int distance(byte[] bytes, int from, int to) {
    if (wantedLength == 0) {
      return to - from;
    }
    long rises = -1;
    long falls = 0;
    int distance = wantedLength;
    long last = 1L << (wantedLength - 1);
    for (int index = from; index < to; index++) {
      long same = masks[Byte.toUnsignedInt(bytes[index])];
      long vertical = same | falls;
      long diagonal = (((same & rises) + rises) ^ rises) | same;
      long rowRises = falls | ~(diagonal | rises);
      long rowFalls = rises & diagonal;
      if ((rowRises & last) != 0) {
        distance++;
      } else if ((rowFalls & last) != 0) {
        distance--;
      }
      rowRises = (rowRises << 1) | 1;
      rowFalls <<= 1;
      rises = rowFalls | ~(vertical | rowRises);
      falls = rowRises & vertical;
    }
    return distance;
  }
}
