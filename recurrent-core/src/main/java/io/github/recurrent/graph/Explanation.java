package io.github.recurrent.graph;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/**
 * What a graph says to a query: the ways along its chain, or where the chain breaks off. Immutable
 * and thread-safe.
 *
 * @param query the query
 * @param ways the first ways, in the order of the entities after each hop as the graph numbers them
 * @param isComplete whether there are no more ways
 * @param deadEnd where the chain breaks off, if it leads nowhere
 */
public record Explanation(
    Query query, ImmutableList<Way> ways, boolean isComplete, Optional<DeadEnd> deadEnd) {

  /**
   * Where a chain breaks off: none of the entities that it reaches has a tail by the next relation.
   *
   * @param hop the number of the hop that cannot be made, from 1
   * @param relation the name of its relation
   * @param reached the names of the entities that the hops before reach, a few of them
   * @param reachedCount the number of all these entities
   */
  public record DeadEnd(int hop, String relation, ImmutableList<String> reached, int reachedCount) {

    /** Returns such as {@code hop 2, "born in", leads nowhere from Bob}. */
    @Override
    public String toString() {
      return "hop "
          + hop
          + ", \""
          + relation
          + "\", leads nowhere from "
          + String.join(", ", reached)
          + (reachedCount > reached.size() ? " … (" + reachedCount + " entities)" : "");
    }
  }

  /** Returns the names of the entities at which the ways end, each once. */
  public ImmutableSet<String> ends() {
    return ways.stream().map(Way::end).collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the ways, one a line, or where the chain breaks off. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    ways.forEach(way -> text.append(way).append('\n'));
    if (!isComplete) {
      text.append("…\n");
    }
    deadEnd.ifPresent(end -> text.append(end).append('\n'));
    return text.toString().stripTrailing();
  }
}
