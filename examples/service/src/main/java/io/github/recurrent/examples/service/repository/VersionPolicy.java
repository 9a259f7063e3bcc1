package io.github.recurrent.examples.service.repository;

import static com.google.common.collect.ImmutableSortedSet.toImmutableSortedSet;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import io.github.recurrent.examples.service.serving.ModelVersion;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions of a model are served. Immutable and thread-safe. */
public final class VersionPolicy {
  private static final Pattern LATEST = Pattern.compile("latest(?::([1-9][0-9]{0,3}))?");
  private static final int MOST_NAMED = 1000;

  private final String text;
  private final int latest;
  private final ImmutableSet<Long> named;

  /**
   * @param named the versions that may be served, or none for all
   */
  private VersionPolicy(String text, int latest, ImmutableSet<Long> named) {
    this.text = text;
    this.latest = latest;
    this.named = named;
  }

  /**
   * Reads {@code all}, {@code latest}, {@code latest:3}, or numbers of versions such as {@code
   * 1,3}.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static VersionPolicy parse(String text) {
    if (text.equals("all")) {
      return new VersionPolicy(text, Integer.MAX_VALUE, ImmutableSet.of());
    }
    Matcher count = LATEST.matcher(text);
    if (count.matches()) {
      return new VersionPolicy(
          text, count.group(1) == null ? 1 : Integer.parseInt(count.group(1)), ImmutableSet.of());
    }
    List<String> names = Splitter.on(',').splitToList(text);
    ImmutableSet.Builder<Long> named = ImmutableSet.builder();
    for (String name : names) {
      OptionalLong version = ModelVersion.parse(name);
      if (version.isEmpty() || names.size() > MOST_NAMED) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" is not all, latest, latest:N with N from 1 to 9999, or up to "
                + MOST_NAMED
                + " versions such as 1,3");
      }
      named.add(version.getAsLong());
    }
    return new VersionPolicy(text, Integer.MAX_VALUE, named.build());
  }

  /** Returns those of some versions that are to be served. */
  ImmutableSortedSet<Long> select(SortedSet<Long> versions) {
    return versions.stream()
        .filter(version -> named.isEmpty() || named.contains(version))
        .sorted(Comparator.reverseOrder())
        .limit(latest)
        .collect(toImmutableSortedSet(Comparator.<Long>naturalOrder()));
  }

  @Override
  public String toString() {
    return text;
  }
}
