package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Finds the names that are most like one that does not exist, by the number of bytes of UTF-8 to
 * insert, delete or replace. The time grows with the bytes of all names, about a second for ten
 * million of them.
 */
final class NearestNames {
  private static final int COUNT = 3;

  /**
   * What is longer is no slip of a finger: only this much of it is compared, a bit for each byte.
   */
  private static final int LONGEST_COMPARED = Long.SIZE;

  /** Bit i of a byte's mask says whether the wanted name has the byte at i. */
  private final long[] masks = new long[1 << Byte.SIZE];

  private final int wantedLength;
  private final int[] nearest = new int[COUNT];
  private final int[] distances = new int[COUNT];
  private int found;

  private NearestNames(String wanted) {
    byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
    wantedLength = Math.min(bytes.length, LONGEST_COMPARED);
    for (int index = 0; index < wantedLength; index++) {
      masks[Byte.toUnsignedInt(bytes[index])] |= 1L << index;
    }
    Arrays.fill(distances, Integer.MAX_VALUE);
  }

  /** Returns three names, the nearest first; fewer if there are no more. */
  static ImmutableList<String> of(String wanted, int count, IntFunction<String> name) {
    NearestNames nearest = new NearestNames(wanted);
    for (int index = 0; index < count; index++) {
      byte[] bytes = name.apply(index).getBytes(StandardCharsets.UTF_8);
      nearest.offer(index, bytes, 0, bytes.length);
    }
    return nearest.names(name);
  }

  /** Returns three names, the nearest first; fewer if there are no more. */
  static ImmutableList<String> of(String wanted, NameTable names) {
    NearestNames nearest = new NearestNames(wanted);
    for (int index = 0; index < names.size(); index++) {
      nearest.offer(index, names.bytes(), names.start(index), names.end(index));
    }
    return nearest.names(names::name);
  }

  /** Returns the exception for a name that does not exist, which says what does. */
  static IllegalArgumentException unknown(String kind, String wanted, NameTable names) {
    return new IllegalArgumentException(
        "the graph has no "
            + kind
            + " \""
            + wanted
            + "\"; the nearest are "
            + of(wanted, names).stream()
                .map(name -> '"' + name + '"')
                .collect(Collectors.joining(", ")));
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
