package io.github.recurrent.internal.triples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Where a line has its head, relation and tail.
 *
 * @param head the column of the head, from 0
 * @param relation the column of the relation
 * @param tail the column of the tail
 */
@Immutable
public record TripleColumns(int head, int relation, int tail) {
  static final ImmutableList<String> NAMES = ImmutableList.of("head", "relation", "tail");

  /** Head, relation, tail. */
  static final TripleColumns IN_ORDER = new TripleColumns(0, 1, 2);

  /** Head, tail, relation. */
  public static final TripleColumns HEAD_TAIL_RELATION = new TripleColumns(0, 2, 1);

  private static final ImmutableList<ImmutableSet<String>> KNOWN =
      ImmutableList.of(
          ImmutableSet.of("head", "head entity", "subject", "source", "from"),
          ImmutableSet.of("relation", "relationship", "predicate", "property", "edge", "rel"),
          ImmutableSet.of("tail", "tail entity", "object", "target", "to"));

  /** Returns the columns that a header names, if it does. */
  static Optional<TripleColumns> named(List<String> fields) {
    if (fields.size() != KNOWN.size()) {
      return Optional.empty();
    }
    List<String> names =
        fields.stream().map(field -> field.toLowerCase(Locale.ROOT).replace('_', ' ')).toList();
    IntUnaryOperator column =
        role ->
            IntStream.range(0, names.size())
                .filter(index -> KNOWN.get(role).contains(names.get(index)))
                .findFirst()
                .orElse(-1);
    int[] columns = IntStream.range(0, KNOWN.size()).map(column).toArray();
    return IntStream.of(columns).allMatch(found -> found >= 0)
        ? Optional.of(new TripleColumns(columns[0], columns[1], columns[2]))
        : Optional.empty();
  }
}
