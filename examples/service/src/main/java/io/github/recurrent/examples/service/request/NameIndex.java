package io.github.recurrent.examples.service.request;

import static java.util.Comparator.naturalOrder;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.Comparator;
import java.util.stream.Stream;

/** Names in alphabetical order, to be found by how they begin. Immutable and thread-safe. */
final class NameIndex {
  private static final Comparator<String> ORDER =
      String.CASE_INSENSITIVE_ORDER.thenComparing(naturalOrder());

  private final ImmutableList<String> names;

  private NameIndex(ImmutableList<String> names) {
    this.names = names;
  }

  static NameIndex of(Stream<String> names) {
    return new NameIndex(names.sorted(ORDER).collect(ImmutableList.toImmutableList()));
  }

  /** Returns the first names that begin with a text, in capitals or not. */
  ImmutableList<String> startingWith(String start, int most) {
    int found = Collections.binarySearch(names, start, String.CASE_INSENSITIVE_ORDER);
    int from = found < 0 ? -found - 1 : found;
    // Of names that differ in capitals alone the search may find any.
    while (from > 0 && startsWith(names.get(from - 1), start)) {
      from--;
    }
    return names.subList(from, names.size()).stream()
        .limit(most)
        .takeWhile(name -> startsWith(name, start))
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean startsWith(String name, String start) {
    return name.regionMatches(true, 0, start, 0, start.length());
  }
}
